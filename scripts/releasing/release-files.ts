import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createCryptography } from '../../agent/adapters/crypto/node-cryptography.ts'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import type { Architecture, Release, ReleaseFile, ReleaseKey } from '../../agent/core/update/release.ts'
import { MAX_UPDATE_JSON_BYTES, openRelease } from '../../agent/wire/release.ts'
import type { SigningKey } from '../source-system/keys.ts'
import { signCompact } from '../source-system/sign.ts'

const LINE_FEED = 0x0a

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const fieldOf = (file: string, name: string): string => {
  try {
    return execFileSync('dpkg-deb', ['--field', file, name], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch (cause) {
    throw new LoaError('USAGE', `${file} is no Debian package (${messageOf(cause).split('\n')[0]})`, {
      cause,
    })
  }
}

export type ReleaseOrder = {
  /** Packages of one version, one an architecture. */
  readonly packages: readonly string[]
  /** Beginnings of URLs, to which the name of the package is added. */
  readonly urls: readonly string[]
  readonly issued: Date
  readonly until: Date
  readonly from?: string
  readonly notes?: Readonly<Record<string, string>>
}

const isArchitecture = (name: string): name is Architecture => name === 'amd64' || name === 'arm64'

const describe = (file: string, urls: readonly string[]): ReleaseFile => {
  const arch = fieldOf(file, 'Architecture')
  if (fieldOf(file, 'Package') !== 'loa-agent' || !isArchitecture(arch))
    throw new LoaError('USAGE', `${file} is no package of loa-agent for amd64 or arm64`)
  const at = urls.map((url) => `${url.replace(/\/$/, '')}/${basename(file)}`)
  return { arch, sha256: sha256(readFileSync(file)), bytes: statSync(file).size, urls: at }
}

/** What is signed of packages that scripts/package has made. @throws USAGE when they do not belong together */
export const describeRelease = ({ packages, urls, issued, until, from, notes }: ReleaseOrder): Release => {
  const versions = new Set(packages.map((file) => fieldOf(file, 'Version')))
  const [version] = versions
  if (version === undefined || versions.size > 1)
    throw new LoaError('USAGE', `give the packages of one version, not of ${[...versions].join(' and ')}`)
  const second = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    kind: 'release',
    v: 1,
    version,
    iat: second(issued),
    exp: second(until),
    ...(from === undefined ? {} : { from }),
    files: packages.map((file) => describe(file, urls)),
    ...(notes === undefined ? {} : { notes }),
  }
}

/** The compact JWS; opened again at once, so that nothing is handed out that a receiver would not read. */
export const signRelease = (release: Release, key: SigningKey): string => {
  const signed = signCompact('release', Buffer.from(JSON.stringify(release)), key)
  openRelease(Buffer.from(signed), [key], createCryptography().verifyEd25519)
  return signed
}

/** Writes release.jws, and for each package the release as one file. Returns their names. */
export const writeRelease = (
  folder: string,
  signed: string,
  packages: readonly string[],
): readonly string[] => {
  const document = join(folder, 'release.jws')
  writeFileSync(document, `${signed}\n`)
  const whole = packages.map((file) => {
    const name = join(folder, `${basename(file).replace(/\.deb$/, '')}.loa`)
    writeFileSync(name, Buffer.concat([Buffer.from(`${signed}\n`), readFileSync(file)]))
    return name
  })
  return [document, ...whole]
}

/** The beginning of a file: all of a release.jws, of a .loa more than its first line can have. */
const beginning = (file: string): Buffer => {
  const descriptor = openSync(file, 'r')
  try {
    const room = Buffer.alloc(MAX_UPDATE_JSON_BYTES + 1)
    return room.subarray(0, readSync(descriptor, room, 0, room.length, 0))
  } finally {
    closeSync(descriptor)
  }
}

export type Checked = {
  readonly release: Release /** Of a .loa: the package in it. */
  readonly file?: ReleaseFile
}

/**
 * Judges release.jws or a .loa by the keys of a receiver.
 * @throws TOO_LARGE, BAD_SIGNATURE, UNKNOWN_KEY, INVALID; BAD_MEDIA when the package is none of those that were signed
 */
export const checkRelease = (path: string, keys: readonly ReleaseKey[]): Checked => {
  const start = beginning(path)
  const end = start.indexOf(LINE_FEED)
  const line = end < 0 ? start : start.subarray(0, end)
  const release = openRelease(line, keys, createCryptography().verifyEd25519)
  const bytes = statSync(path).size - line.length - 1
  if (bytes <= 0) return { release }
  const digest = sha256(readFileSync(path).subarray(line.length + 1))
  const file = release.files.find((each) => each.sha256 === digest && each.bytes === bytes)
  if (!file)
    throw new LoaError(
      'BAD_MEDIA',
      `the package in it has ${bytes} bytes and the digest ${digest}: not signed`,
    )
  return { release, file }
}
