import type { Clip } from '../clip.ts'
import type { ReasonCode } from '../codes.ts'
import type { Severity } from '../documents.ts'
import type { Outcome } from '../record/playback.ts'
import type { Item } from '../schedule/item.ts'
import type { EpochMs } from '../time.ts'
import type { Proof } from './proof.ts'

/** What orders alerts among themselves; they go before everything else. */
export type AlertRank = {
  readonly severity: Severity
  /** Not heard yet in this form: it goes before every repetition. */
  readonly fresh: boolean
  readonly silentSince: EpochMs
  /** A rehearsal: quiet hours, caps and master hold for it. */
  readonly test: boolean
}

/** One planned occurrence that contends for the sound output. */
export type Programme = {
  /** Unique for ever: document, item and planned second. */
  readonly key: string
  readonly item: Item
  readonly planned: EpochMs
  /** False for local actions: quiet hours do not concern them. */
  readonly obeysQuietHours: boolean
  /** What is written when the window closes before a start: `LATE`, or why the device could not even try. */
  readonly missedReason: ReasonCode
  /** Set for a sounding of an alert. */
  readonly alert?: AlertRank
}

/** Whether what the programme needs is on this device. */
export type Readiness =
  /** `fault`: a part will not sound, for this reason. `limited`: `maxSeconds` ends it before its own end. */
  | { readonly state: 'ready'; readonly clip: Clip; readonly limited: boolean; readonly fault?: ReasonCode }
  /** Media is awaited; `fallback` is what can be played without it when the window closes. */
  | { readonly state: 'awaiting'; readonly fallback?: { readonly clip: Clip; readonly limited: boolean } }
  /** It will not start: `result` is written at the planned second. */
  | {
      readonly state: 'excluded'
      readonly result: 'failed' | 'skipped'
      readonly reason: ReasonCode
    }

/** What has happened to a programme so far. */
export type AsRun = Proof & {
  /** When the first frame of its first piece left the device. */
  readonly startedAt?: EpochMs
  readonly endedAt?: EpochMs
  readonly startErrorMs?: number
  /** Position in the clip from which it would go on, in frames. */
  readonly position: number
  /** Frames that left the device, all pieces together. */
  readonly frames: number
  readonly underruns: number
  /** Preemptions and take-ups survived. */
  readonly cuts: number
  /** It did not begin at its beginning, or a take-up lost over a second. */
  readonly joinedLate: boolean
  readonly fault?: ReasonCode
}

export const NOTHING_RUN: AsRun = { position: 0, frames: 0, underruns: 0, cuts: 0, joinedLate: false }

/** The outcome of a programme that came to the end of its clip. */
export function finishedOutcome(asRun: AsRun, limited: boolean): Outcome {
  if (asRun.fault !== undefined) return { result: 'partial', reason: asRun.fault }
  if (asRun.joinedLate) return { result: 'partial', reason: 'LATE' }
  return limited ? { result: 'partial', reason: 'LIMIT' } : { result: 'completed' }
}

/**
 * The outcome of a programme that an order or a fault ended for good: some of it sounded, or nothing did.
 * What was stopped before it began counts as removed: the contract knows no `skipped STOPPED`.
 */
export const brokenOutcome = (
  asRun: AsRun,
  reason: ReasonCode,
  untouched: Exclude<Outcome['result'], 'completed'>,
): Outcome => {
  if (asRun.frames > 0) return { result: 'partial', reason }
  return { result: untouched, reason: untouched === 'skipped' && reason === 'STOPPED' ? 'CANCELLED' : reason }
}
