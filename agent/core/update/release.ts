import type { RefusalCode } from '../codes.ts'
import type { EpochMs } from '../time.ts'
import { compareVersions } from './version.ts'

/** As Debian calls it. */
export type Architecture = 'amd64' | 'arm64'

/** The Debian package of a release for one architecture. */
export type ReleaseFile = {
  readonly arch: Architecture
  readonly sha256: string
  readonly bytes: number
  /** Empty: it is only given as a file. */
  readonly urls: readonly string[]
}

/** What a province or a maker signs, so that receivers take a release (docs/updates.md). */
export type Release = {
  readonly kind: 'release'
  readonly v: 1
  readonly version: string
  readonly iat: string
  readonly exp: string
  /** The oldest version that may take it. */
  readonly from?: string
  readonly files: readonly ReleaseFile[]
  /** By language. */
  readonly notes?: Readonly<Record<string, string>>
}

/** A release as one file is its JWS, a line feed and the package: the longest that is taken. */
export const MAX_RELEASE_FILE_BYTES = 268_435_456 + 65_537

export type ReleaseKey = { readonly kid: string; readonly x: string }

export type ReleaseRefusalCode = RefusalCode | 'UNSUPPORTED'
export type ReleaseJudgement =
  | { readonly kind: 'accepted'; readonly file: ReleaseFile }
  | { readonly kind: 'refused'; readonly code: ReleaseRefusalCode; readonly message: string }

/** What a receiver holds a release against. */
export type ReleaseGrounds = {
  /** Version of the committed release. */
  readonly committed: string
  /** Those that were gone back from. */
  readonly refused: readonly { readonly version: string }[]
  readonly architecture: string
  /** Absent: the time is not known, and dates are not judged; the ratchet holds without them. */
  readonly now?: EpochMs
}

const refused = (code: ReleaseRefusalCode, message: string): ReleaseJudgement => ({
  kind: 'refused',
  code,
  message,
})

/** The file that this receiver may take, or why it takes none. The signature has been verified before. */
export const judgeRelease = (release: Release, grounds: ReleaseGrounds): ReleaseJudgement => {
  const { version, from, exp } = release
  const { committed, now } = grounds
  if (now !== undefined && now >= Date.parse(exp)) return refused('EXPIRED', `the release expired at ${exp}`)
  if (compareVersions(version, committed) <= 0)
    return refused('OLD_REVISION', `${version} is not above ${committed}, which is committed`)
  if (grounds.refused.some((earlier) => earlier.version === version))
    return refused('OLD_REVISION', `${version} was gone back from before; publish a higher version`)
  if (from !== undefined && compareVersions(committed, from) < 0)
    return refused('UNSUPPORTED', `${version} takes ${from} or later, and ${committed} is committed`)
  const file = release.files.find(({ arch }) => arch === grounds.architecture)
  if (!file) return refused('UNSUPPORTED', `${version} has no file for ${grounds.architecture}`)
  return { kind: 'accepted', file }
}
