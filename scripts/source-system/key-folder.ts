import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrustDocument, TrustKey } from '../../agent/core/documents.ts'
import { LoaError } from '../../agent/core/error.ts'
import { makeKey, readKey, type SigningKey, writeKey } from './keys.ts'
import { seal } from './sign.ts'
import { grant, nextTrust } from './trust.ts'

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

/**
 * Opens the folder; what is missing is made, what is granted stays as it is, so that a second run changes nothing
 * and brings back no key that was revoked.
 * @throws LoaError CONFIG when no key of the area itself is granted any more
 */
export const openKeyFolder = async (options: KeyFolderOptions): Promise<KeyFolder> => {
  const { directory, area } = options
  const files: string[] = []
  const open = async (kid: string): Promise<SigningKey> => {
    const file = keyFile(directory, kid)
    files.push(file)
    return await readOrMake(file, kid)
  }
  const held = await readTrust(directory)
  const roots = await openRoots(options, open)
  const given = held?.keys ?? [firstGrant(options, area, await open(`p-${area}`))]
  const wanted = [...given]
  for (const each of options.communes ?? [])
    if (wanted.every((key) => key.area !== each))
      wanted.push(firstGrant(options, each, await open(`c-${each.replace('/', '-')}`)))
  const schedulers = wanted.filter(({ kinds }) => kinds.includes('schedule'))
  const newest = new Map(schedulers.map((key) => [key.area, key.kid]))
  const kid = newest.get(area)
  if (kid === undefined)
    throw new LoaError(
      'CONFIG',
      `no key of ${area} is granted in ${directory}/trust.json; grant one with \`province trust grant\``,
    )
  newest.delete(area)
  const communes = new Map<string, SigningKey>()
  const province = await open(kid)
  for (const [each, of] of newest) communes.set(each, await open(of))
  const trust =
    held !== undefined && wanted.length === given.length
      ? held
      : nextTrust(held ?? { area }, wanted, options.now)
  const signed = await writeTrust(directory, trust === held ? undefined : trust, roots)
  return { roots, province, communes, trust, ...signed, files: [...new Set([...files, ...signed.files])] }
}

export const keyFile = (directory: string, kid: string): string => join(directory, `${kid}.jwk`)

/** Root keys that are there, at least as many as asked for. */
const openRoots = async (
  { directory, roots = 1 }: Pick<KeyFolderOptions, 'directory' | 'roots'>,
  open: (kid: string) => Promise<SigningKey>,
): Promise<readonly SigningKey[]> => {
  const opened: SigningKey[] = []
  for (const [i, letter] of [...ROOT_LETTERS].entries()) {
    const kid = `root-${letter}`
    if (i < roots || existsSync(keyFile(directory, kid))) opened.push(await open(kid))
  }
  return opened
}

export const readTrust = async (directory: string): Promise<TrustDocument | undefined> => {
  const file = join(directory, 'trust.json')
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined
}

/** The root keys in the folder. */
export const readRoots = async (directory: string): Promise<readonly SigningKey[]> => {
  const files = [...ROOT_LETTERS].map((letter) => keyFile(directory, `root-${letter}`)).filter(existsSync)
  return await Promise.all(files.map(readKey))
}

/** Writes `changed`, if any, and signs the bytes of the file: a second spelling of one revision would be a conflict to devices. */
export const writeTrust = async (
  directory: string,
  changed: TrustDocument | undefined,
  roots: readonly SigningKey[],
): Promise<{ readonly trustMessage: string; readonly files: readonly string[] }> => {
  const files = [join(directory, 'trust.json'), join(directory, 'trust.jws.json')] as const
  if (changed !== undefined) await writeFile(files[0], `${JSON.stringify(changed, undefined, 1)}\n`)
  const trustMessage = seal('trust', await readFile(files[0]), roots)
  await writeFile(files[1], trustMessage)
  return { trustMessage, files }
}

const firstGrant = ({ now, days }: KeyFolderOptions, area: string, key: SigningKey): TrustKey =>
  grant(key, { area, from: now, ...(days === undefined ? {} : { days }) })

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
