import { FRAMES_PER_SECOND } from '../clip.ts'
import type { ReasonCode } from '../codes.ts'
import type { DocumentKey, ProgrammeClass, Tier } from '../documents.ts'
import type { ClockState, PlaybackBody, Result } from '../records.ts'
import { type EpochMs, isoUtc } from '../time.ts'

/** Whose occurrence a record is about; an `Item` will do. */
export type RecordSubject = {
  readonly id: string
  readonly document: DocumentKey
  readonly rev: number
  readonly class: ProgrammeClass
  readonly tier: Tier
  /** Empty for a sign-only item. */
  readonly parts: readonly unknown[]
}

/** `completed` is without a reason, every other result has one. */
export type Outcome =
  | { readonly result: 'completed' }
  | { readonly result: Exclude<Result, 'completed'>; readonly reason: ReasonCode }

const subjectFields = (subject: RecordSubject, planned: EpochMs) => ({
  item: subject.id,
  document: subject.document,
  rev: subject.rev,
  class: subject.class,
  tier: subject.tier,
  planned: isoUtc(planned),
})

/** The record of an occurrence of which nothing was heard or seen: missed, skipped, failed. */
export const unplayedRecord = (
  subject: RecordSubject,
  planned: EpochMs,
  clock: ClockState,
  outcome: Exclude<Outcome, { result: 'completed' }>,
): PlaybackBody => ({
  ...subjectFields(subject, planned),
  ...(subject.parts.length === 0 ? { shownSeconds: 0 } : { playedSeconds: 0 }),
  clock,
  ...outcome,
  volume: 0,
  underruns: 0,
  frames: 0,
})

/** What became of the pieces of an occurrence so far. */
export type PlayedTally = {
  readonly started: EpochMs
  readonly ended: EpochMs
  /** Against the instant intended for the first frame placed, in milliseconds. */
  readonly startErrorMs: number
  /** Frames at 48 kHz that left the device, all pieces together. */
  readonly frames: number
  readonly underruns: number
  /** Preemptions and take-ups survived. */
  readonly cuts: number
  /** Percent. */
  readonly volume: number
  /** Every relay was read back and closed throughout; false when a contact disagreed, absent when not all can be read. */
  readonly relay?: boolean
  /** How much of what was sent a capture device heard, 0 to 1; absent where nothing could be judged. */
  readonly heard?: number
}

/** The record of an occurrence that sounded. */
export const playedRecord = (
  subject: RecordSubject,
  planned: EpochMs,
  clock: ClockState,
  tally: PlayedTally,
  outcome: Outcome,
): PlaybackBody => ({
  ...subjectFields(subject, planned),
  started: isoUtc(tally.started),
  ended: isoUtc(tally.ended),
  playedSeconds: tally.frames / FRAMES_PER_SECOND,
  startErrorMs: tally.startErrorMs,
  clock,
  ...outcome,
  ...(tally.cuts > 0 ? { cuts: tally.cuts } : {}),
  volume: tally.volume,
  underruns: tally.underruns,
  frames: tally.frames,
  ...(tally.relay === undefined ? {} : { relay: tally.relay }),
  ...(tally.heard === undefined ? {} : { heard: tally.heard }),
})

/** The record of a sign-only occurrence that was on at least one sign for `shownSeconds`. */
export const shownRecord = (
  subject: RecordSubject,
  planned: EpochMs,
  clock: ClockState,
  shown: { readonly started?: EpochMs; readonly ended: EpochMs; readonly shownSeconds: number },
  outcome: Outcome,
): PlaybackBody => ({
  ...subjectFields(subject, planned),
  ...(shown.started === undefined ? {} : { started: isoUtc(shown.started) }),
  ended: isoUtc(shown.ended),
  shownSeconds: shown.shownSeconds,
  clock,
  ...outcome,
  volume: 0,
  underruns: 0,
  frames: 0,
})
