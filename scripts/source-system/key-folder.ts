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
  /** Number of root keys, 1 to 9. */
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

/** Opens the folder; what is missing is made, what is there is kept, so that a second run changes no key. */
export const openKeyFolder = async (options: KeyFolderOptions): Promise<KeyFolder> => {
  const files: string[] = []
  const open = async (kid: string): Promise<SigningKey> => {
    const file = join(options.directory, `${kid}.jwk`)
    files.push(file)
    return await readOrMake(file, kid)
  }
  const roots: SigningKey[] = []
  for (const letter of ROOT_LETTERS.slice(0, options.roots ?? 1)) roots.push(await open(`root-${letter}`))
  const province = await open(`p-${options.area}`)
  const communes = new Map<string, SigningKey>()
  for (const area of options.communes ?? []) communes.set(area, await open(`c-${area.replace('/', '-')}`))

  const trustFile = join(options.directory, 'trust.json')
  const trust = await trustOf(trustFile, options, province, communes)
  const bytes = await readFile(trustFile)
  const trustMessage = seal('trust', bytes, roots)
  const messageFile = join(options.directory, 'trust.jws.json')
  await writeFile(messageFile, trustMessage)
  files.push(trustFile, messageFile)
  return { roots, province, communes, trust, trustMessage, files }
}

/** The trust document on disk while it names exactly these keys, else a new revision of it. */
const trustOf = async (
  file: string,
  options: KeyFolderOptions,
  province: SigningKey,
  communes: ReadonlyMap<string, SigningKey>,
): Promise<TrustDocument> => {
  const span = { from: options.now, ...(options.days === undefined ? {} : { days: options.days }) }
  const wanted = [
    grant(province, { ...span, area: options.area }),
    ...[...communes].map(([area, key]) => grant(key, { ...span, area })),
  ]
  const names = (keys: TrustDocument['keys']): string => keys.map(({ kid, x }) => `${kid} ${x}`).join('\n')
  if (existsSync(file)) {
    const held: TrustDocument = JSON.parse(await readFile(file, 'utf8'))
    if (names(held.keys) === names(wanted)) return held
  }
  const made = trustDocument(options.area, wanted, options.now)
  await writeFile(file, `${JSON.stringify(made, undefined, 1)}\n`)
  return made
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
