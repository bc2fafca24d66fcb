import type { Conflict } from '../../core/status.ts'

/** The plan of the coming days. */
export type ScheduleWords = {
  readonly empty: (from: string, until: string) => string
  readonly time: string
  readonly length: string
  readonly class: string
  readonly area: string
  readonly note: string
  readonly item: string
  readonly signOnly: string
  readonly ready: string
  /** It may still come. */
  readonly waiting: string
  /** Policy will not let it. */
  readonly refused: string
  /** How many there are on a day, how many will not play, how many contend. */
  readonly day: (items: number, refused: number, conflicts: number) => string
  /** What comes of a conflict with an item, and when. */
  readonly conflicts: Readonly<Record<Conflict['outcome'], (item: string, time: string) => string>>
}

/** Files and how far they are. */
export type MediaWords = {
  readonly total: (present: number, wanted: number, usedMb: string, quotaMb: string) => string
  readonly file: string
  readonly format: string
  readonly size: string
  readonly held: string
  readonly state: string
  readonly needed: string
  readonly waits: (until: string) => string
  readonly speed: (kibPerSecond: number, left: string) => string
}

export type LogWords = {
  readonly empty: string
  readonly played: (seconds: string) => string
  readonly lost: string
  readonly back: string
}
