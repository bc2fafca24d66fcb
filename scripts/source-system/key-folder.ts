import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrustDocument } from '../../agent/core/documents.ts'
import { makeKey, readKey, type SigningKey, writeKey } from './keys.ts'
import { seal } from './sign.ts'
import { grant, trustDocument } from './trust.ts'

/** The keys of one source system: roots stay offline in earnest, publishers sign day by day. */
export type KeyFolder = {
  readonly roots: readonly SigningKey[]
  /** Signs everything for the province and below. */
  readonly province: SigningKey
  /** By area, `75/26068`. */
  readonly communes: ReadonlyMap<string, SigningKey>
  readonly trust: TrustDocument
  /** `trust` signed by all roots, ready to publish. */
  readonly trustMessage: string
  readonly files: readonly string[]
}

export type KeyFolderOptions = {
  readonly directory: string
  /** The province, `75`, or `vn`. */
  readonly area: string
  /** Areas below it that get a key of their own, `75/26068`. */
  readonly communes?: readonly string[]
  /** Root keys there must be at least, 1 to 9; 1 by default. */
  readonly roots?: number
  readonly now: Date
  readonly days?: number
}

const ROOT_LETTERS = 'abcdefghi'

const readOrMake = async (file: string, kid: string): Promise<SigningKey> => {
  if (existsSync(file)) return await readKey(file)
  const key = makeKey(kid)
  await writeKey(file, key)
  return key
}

/** Opens the folder; what is missing is made, what is there is kept and stays granted, so that a second run changes nothing. */
export const openKeyFolder = async (options: KeyFolderOptions): Promise<KeyFolder> => {
  const { directory, area } = options
  const files: string[] = []
  const open = async (kid: string): Promise<SigningKey> => {
    const file = join(directory, `${kid}.jwk`)
    files.push(file)
    return await readOrMake(file, kid)
  }
  const trustFile = join(directory, 'trust.json')
  const held = await heldTrust(trustFile)

  const roots: SigningKey[] = []
  for (const [i, letter] of [...ROOT_LETTERS].entries()) {
    const kid = `root-${letter}`
    if (i < (options.roots ?? 1) || existsSync(join(directory, `${kid}.jwk`))) roots.push(await open(kid))
  }
  const province = await open(`p-${area}`)
  const communes = new Map<string, SigningKey>()
  const heldAreas = (held?.keys ?? []).map((key) => key.area).filter((each) => each !== area)
  for (const each of new Set([...heldAreas, ...(options.communes ?? [])])) {
    communes.set(each, await open(`c-${each.replace('/', '-')}`))
  }
  const trust = nextTrust(held, options, province, communes)
  if (trust !== held) await writeFile(trustFile, `${JSON.stringify(trust, undefined, 1)}\n`)
  // Signed over the bytes of the file: a second spelling of one revision would be a conflict to devices.
  const trustMessage = seal('trust', await readFile(trustFile), roots)
  const messageFile = join(directory, 'trust.jws.json')
  await writeFile(messageFile, trustMessage)
  files.push(trustFile, messageFile)
  return { roots, province, communes, trust, trustMessage, files }
}

const heldTrust = async (file: string): Promise<TrustDocument | undefined> =>
  existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined

/** The held document while it names exactly these keys, else a higher revision of it. */
const nextTrust = (
  held: TrustDocument | undefined,
  { area, now, days }: KeyFolderOptions,
  province: SigningKey,
  communes: ReadonlyMap<string, SigningKey>,
): TrustDocument => {
  const span = { from: now, ...(days === undefined ? {} : { days }) }
  const wanted = [
    grant(province, { ...span, area }),
    ...[...communes].map(([each, key]) => grant(key, { ...span, area: each })),
  ]
  const names = (keys: TrustDocument['keys']): string => keys.map(({ kid, x }) => `${kid} ${x}`).join('\n')
  if (held !== undefined && names(held.keys) === names(wanted)) return held
  const made = trustDocument(area, wanted, now)
  return { ...made, rev: Math.max(made.rev, (held?.rev ?? 0) + 1) }
}

/** The lines for agent.yaml. `threshold` is how many root signatures a trust document needs. */
export const rootKeysYaml = (roots: readonly SigningKey[], threshold: number): string =>
  [
    'security:',
    '  signatures: required',
    '  rootKeys:',
    ...roots.map(({ kid, x }) => `    - { kid: ${kid}, x: "${x}" }`),
    `  threshold: ${threshold}`,
    '',
  ].join('\n')
