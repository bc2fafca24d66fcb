import type { ReasonCode } from './codes.ts'
import type { DocumentKey, ProgrammeClass, Tier } from './documents.ts'

export type ClockState = 'synced' | 'held' | 'stale' | 'unset'
export type Result = 'completed' | 'partial' | 'preempted' | 'interrupted' | 'missed' | 'skipped' | 'failed'

/** What became of one planned occurrence: the as-run record (contract, section 4, playback). Times are ISO 8601 UTC. */
export type PlaybackBody = {
  readonly item: string
  readonly document: DocumentKey
  readonly rev: number
  readonly class: ProgrammeClass
  readonly tier: Tier
  readonly planned: string
  readonly started?: string
  readonly ended?: string
  /** Seconds of sound, all pieces together; sign-only items have `shownSeconds` instead. */
  readonly playedSeconds?: number
  readonly shownSeconds?: number
  readonly startErrorMs?: number
  readonly clock: ClockState
  readonly result: Result
  readonly reason?: ReasonCode
  readonly cuts?: number
  /** Percent. */
  readonly volume: number
  readonly underruns: number
  /** Frames that left the device, at 48 kHz. */
  readonly frames: number
  readonly relay?: boolean
  readonly heard?: number
}

export type EventSeverity = 'info' | 'warning' | 'alarm'
export type EventBody = {
  readonly at: string
  readonly code: string
  readonly severity: EventSeverity
  readonly data: Readonly<Record<string, unknown>>
}

export type Chained = {
  readonly n: number
  /** `hash` of the record before, 64 zeros for the first of an epoch. */
  readonly prev: string
  /** Hex SHA-256 of `prev` + "\n" + this record without `hash` in RFC 8785 form. */
  readonly hash: string
}
export type PlaybackRecord = PlaybackBody & Chained
export type EventRecord = EventBody & Chained
