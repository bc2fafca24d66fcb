import type { DocumentKey, FreshDocument, RevisedDocument } from '../documents.ts'
import { epochMs } from '../time.ts'
import type { JudgingTime } from './scope.ts'
import { type Refusal, refused } from './signers.ts'

const MAX_REV_JUMP = 100_000_000

/** Without any memory of revisions only what is newer than the floor less this is taken. */
const FORGETFUL_MS = 35 * 86_400_000

/** The document of a topic that is in force. */
export type HeldRevision = {
  readonly rev: number
  /** SHA-256 of the payload bytes, hex. */
  readonly hash: string
  readonly signers: readonly string[]
}

export type Ratchet = {
  readonly held: HeldRevision | undefined
  /** From an accepted `fresh`. */
  readonly floor: number | undefined
  /** The device has lost its memory of revisions, or never had one. */
  readonly forgetful: boolean
}

/** What a document brings to the ratchet. */
export type Candidate = {
  readonly rev: number
  readonly hash: string
  readonly iat: string
  readonly exp?: string
}

/** Undefined when the revision may be taken; the same revision with the same hash may. */
export const judgeRevision = (
  candidate: Candidate,
  ratchet: Ratchet,
  time: JudgingTime,
): Refusal | undefined => {
  const { held, floor } = ratchet
  const { rev } = candidate
  if (floor !== undefined && rev < floor) return refused('OLD_REVISION', `${rev} is below the floor ${floor}`)
  if (held === undefined) return judgeFirst(candidate, ratchet, time)
  if (rev < held.rev) return refused('OLD_REVISION', `${rev} is below ${held.rev}, which is held`)
  if (rev === held.rev && candidate.hash !== held.hash)
    return refused('REV_CONFLICT', `${rev} is held with another content`)
  if (rev > held.rev + MAX_REV_JUMP) return refused('REV_JUMP', `${rev} is too far above ${held.rev}`)
  return undefined
}

const judgeFirst = (
  candidate: Candidate,
  { floor, forgetful }: Ratchet,
  time: JudgingTime,
): Refusal | undefined => {
  if (!forgetful || floor !== undefined || candidate.exp !== undefined) return undefined
  const oldest = epochMs(time.floor - FORGETFUL_MS)
  if (Date.parse(candidate.iat) > oldest) return undefined
  return refused('OLD_REVISION', `iat ${candidate.iat} is too old for a device without memory of revisions`)
}

/** The kind of the documents that come under a key. */
export const kindOf = (key: DocumentKey): RevisedDocument['kind'] =>
  (key.split('/').at(-1) ?? '') as RevisedDocument['kind']

/** `fresh` as floors by document. */
export const floorsOf = (
  fresh: Pick<FreshDocument, 'area' | 'revs'>,
): readonly (readonly [DocumentKey, number])[] =>
  Object.entries(fresh.revs).map(([kind, rev]) => [`${fresh.area}/${kind}`, rev] as const)

/** A `fresh` may not push a floor further above what is held than a document could jump. */
export const judgeFloors = (
  fresh: Pick<FreshDocument, 'area' | 'revs'>,
  heldRev: (document: DocumentKey) => number | undefined,
): Refusal | undefined => {
  for (const [document, rev] of floorsOf(fresh)) {
    const held = heldRev(document)
    if (held !== undefined && rev > held + MAX_REV_JUMP)
      return refused('REV_JUMP', `fresh names ${document} ${rev}, too far above ${held}`)
  }
  return undefined
}
