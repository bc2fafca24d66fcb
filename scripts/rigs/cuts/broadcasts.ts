import type { AudioRef, ScheduleItem } from '../../../agent/core/documents.ts'
import { epochMs, isoUtc } from '../../../agent/core/time.ts'

/** One planned second that must end in exactly one record. */
export type Broadcast = { readonly id: string; readonly planned: string; readonly takenUp: boolean }

const EVERY_MS = 6000
/** What is added lies so far ahead that a board which loses its power now is back before. */
const AHEAD_MS = 120_000
const UP_TO_MS = 180_000
const PLAY_WITHIN_SECONDS = 300
const SKIP_WITHIN_SECONDS = 3
const ONE_IN = 4

/**
 * What is on the air while power fails: a short programme every six seconds. Nothing is withdrawn before its record is
 * there, and nothing is added that a board without power could miss to hear of: each has exactly one record.
 */
export class Broadcasts {
  readonly #all: (Broadcast & { readonly item: ScheduleItem })[] = []
  #last = 0

  /** Adds programmes, some of them with this sound, from `from` on, or from where the last ended. */
  extend(now: number, audio: AudioRef, from = now + AHEAD_MS): void {
    let at = Math.ceil(Math.max(from, this.#last + EVERY_MS) / 1000) * 1000
    for (; at < now + UP_TO_MS; at += EVERY_MS) this.#add(at, audio)
  }

  get all(): readonly Broadcast[] {
    return this.#all
  }

  /** When the last one is over and its window closed. */
  get endsAt(): number {
    return this.#last + EVERY_MS
  }

  /** Items of the next revision: all that have no record yet. */
  items(recorded: ReadonlySet<string>): readonly ScheduleItem[] {
    return this.#all.filter(({ id }) => !recorded.has(id)).map(({ item }) => item)
  }

  #add(at: number, audio: AudioRef): void {
    const number = this.#all.length + 1
    const id = `tin-${number}`
    const takenUp = number % ONE_IN === 0
    const planned = isoUtc(epochMs(at))
    const late = takenUp
      ? ({ policy: 'play', withinSeconds: PLAY_WITHIN_SECONDS } as const)
      : ({ policy: 'skip', withinSeconds: SKIP_WITHIN_SECONDS } as const)
    // A decoder costs an emulated board seconds.
    const parts = takenUp ? [{ audio }] : [{ sound: 'attention' as const }]
    this.#all.push({ id, planned, takenUp, item: { id, when: { at: planned }, parts, late } })
    this.#last = at
  }
}
