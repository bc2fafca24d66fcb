import type { RefusalCode } from '../codes.ts'
import type { DocumentKey, RevisedDocument, TrustDocument } from '../documents.ts'
import type { KeySet } from './key-set.ts'
import { type HeldRevision, judgeFloors, judgeRevision, type Ratchet } from './revision.ts'
import { demandsOf, isUnexpired, type JudgingTime } from './scope.ts'
import { judgeSigners, type Refusal, refused, type Signers } from './signers.ts'

/** The topic a document came on. */
type Place =
  | { readonly key: DocumentKey; readonly area: string }
  | { readonly key: DocumentKey; readonly device: string }

/** A document that came, and what of its envelope has been verified. */
export type Candidate<Document> = {
  readonly document: Document
  readonly place: Place
  /** SHA-256 of the payload bytes, hex. */
  readonly hash: string
  readonly signers: Signers
}

/** What the device knows when it judges. */
export type Grounds = {
  readonly keys: KeySet
  /** `province/commune`. */
  readonly deviceArea: string
  readonly time: JudgingTime
  readonly held: (document: DocumentKey) => HeldRevision | undefined
  /** From accepted `fresh` documents and from what the device remembers of revisions. */
  readonly floor: (document: DocumentKey) => number | undefined
}

export type Verdict =
  | { readonly kind: 'accepted' }
  /** The same document from a further key: keep the key as a signer. */
  | { readonly kind: 'signer' }
  /** The same document from a known signer: nothing to do. */
  | { readonly kind: 'held' }
  | Refusal

const isOfPlace = (
  document: { readonly area: string } | { readonly device: string },
  place: Place,
): boolean => {
  if ('area' in place) return 'area' in document && document.area === place.area
  return 'device' in document && document.device === place.device
}

const ratchetOf = (
  key: DocumentKey,
  grounds: Pick<Grounds, 'held' | 'floor'>,
  first: Ratchet['first'],
): Ratchet => ({ held: grounds.held(key), floor: grounds.floor(key), first })

const isSame = (held: HeldRevision | undefined, rev: number, hash: string): held is HeldRevision =>
  held !== undefined && held.rev === rev && held.hash === hash

/** Undefined when every signer is known already. */
const newSigners = (held: HeldRevision, signers: Signers): readonly string[] =>
  signers.kind === 'unjudged' ? [] : signers.kids.filter((kid) => !held.signers.includes(kid))

const judgeDates = (exp: string | undefined, time: JudgingTime): Refusal | undefined =>
  exp === undefined || isUnexpired(exp, time)
    ? undefined
    : refused('EXPIRED', `the document expired at ${exp}`)

/**
 * Whether a document may come into force: place, signer and scope, dates, revision, in this order.
 * A document that is held already, from a signer already known, is `held` whatever the dates say by now.
 * @see contract, section 3
 */
export const authorise = (
  candidate: Candidate<Exclude<RevisedDocument, TrustDocument>>,
  grounds: Grounds,
): Verdict => {
  const { document, place, hash, signers } = candidate
  if (!isOfPlace(document, place)) return refused('WRONG_DEVICE', `the document is not for ${place.key}`)
  const held = grounds.held(place.key)
  const same = isSame(held, document.rev, hash)
  if (same && newSigners(held, signers).length === 0) return { kind: 'held' }
  const refusal =
    (signers.kind === 'kids'
      ? judgeSigners(signers.kids, grounds.keys, demandsOf(document, grounds.deviceArea), grounds.time)
      : undefined) ??
    judgeDates(document.exp, grounds.time) ??
    judgeRevision({ ...document, hash }, ratchetOf(place.key, grounds, 'recent'), grounds.time) ??
    (document.kind === 'fresh' ? judgeFloors(document, (key) => grounds.held(key)?.rev) : undefined)
  return refusal ?? { kind: same ? 'signer' : 'accepted' }
}

/**
 * Whether a trust document may come into force: `signers.kids` are the root keys whose signatures verified, of which `threshold`
 * different ones are needed. A device without memory takes trust of any age: it has to begin somewhere.
 */
export const authoriseTrust = (
  candidate: Candidate<TrustDocument>,
  threshold: number,
  grounds: Pick<Grounds, 'time' | 'held' | 'floor'>,
): Verdict => {
  const { document, place, hash, signers } = candidate
  if (!isOfPlace(document, place)) return refused('WRONG_DEVICE', `the document is not for ${place.key}`)
  if (signers.kind === 'kids' && new Set(signers.kids).size < threshold)
    return refused('BAD_SIGNATURE', `${new Set(signers.kids).size} of ${threshold} root signatures verify`)
  const held = grounds.held(place.key)
  const same = isSame(held, document.rev, hash)
  if (same) return { kind: newSigners(held, signers).length === 0 ? 'held' : 'signer' }
  const ratchet = ratchetOf(place.key, grounds, 'any')
  const refusal =
    judgeDates(document.exp, grounds.time) ?? judgeRevision({ ...document, hash }, ratchet, grounds.time)
  return refusal ?? { kind: 'accepted' }
}

const DEFERRABLE: readonly RefusalCode[] = ['UNKNOWN_KEY', 'OUT_OF_SCOPE', 'EXPIRED']

/** Refusals that later trust, a later time or a later `nbf` may lift: the newest such document of a topic is kept and judged again. */
export const isDeferrable = (code: RefusalCode): boolean => DEFERRABLE.includes(code)
