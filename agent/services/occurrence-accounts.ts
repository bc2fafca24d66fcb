import type { ReasonCode } from '../core/codes.ts'
import { unplayedRecord } from '../core/record/playback.ts'
import { itemSeconds, type SoundFrames } from '../core/schedule/duration.ts'
import type { Item } from '../core/schedule/item.ts'
import { windowEnd } from '../core/schedule/late.ts'
import { type Occurrence, occurrenceId } from '../core/schedule/plan.ts'
import type { Zone } from '../core/schedule/zone.ts'
import { type EpochMs, epochMs, type MonoMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Closing, Facts, Ledger } from '../ports/state-store.ts'
import type { PlayService } from './play.ts'
import type { SignItems } from './sign-items.ts'
import type { TimeKeeper } from './time-keeper.ts'
import { RECORD_BACK_MS, timetable } from './timetable.ts'

export type OccurrenceAccountsOptions = {
  readonly clock: Clock
  readonly time: TimeKeeper
  readonly zone: Zone
  readonly ledger: Ledger
  readonly facts: Facts
  readonly play: PlayService
  readonly signItems: SignItems
  readonly soundFrames: SoundFrames
  readonly onRecord: () => void
}

/** What was in force, until a moment at which the time was not known. */
type Era = { readonly items: readonly Item[]; readonly until: MonoMs }

const WATERMARK = 'dispatch.handled-until'

/** Knows which occurrences are accounted for: those with a ledger row, and up to the watermark those that never existed. */
export class OccurrenceAccounts {
  readonly #options: OccurrenceAccountsOptions
  readonly #beganAt: MonoMs
  /** Every occurrence planned up to here has a ledger row, or never existed. Undefined before the time was ever known. */
  #handledUntil: EpochMs | undefined
  /** Items replaced while the time was not known, oldest first. */
  #eras: readonly Era[] = []
  readonly #closings: Closing[] = []

  constructor(options: OccurrenceAccountsOptions) {
    this.#options = options
    this.#beganAt = options.clock.mono()
    const saved = Number(options.facts.get(WATERMARK) ?? Number.NaN)
    this.#handledUntil = Number.isFinite(saved) ? epochMs(saved) : undefined
  }

  /** Where planning begins: what came due since then has no row yet. */
  firstUnhandled(now: EpochMs): EpochMs {
    return epochMs((this.#handledUntil ?? now) + 1)
  }

  /** Begun, or closed with its record. */
  isKnown({ item, planned }: Occurrence): boolean {
    const { ledger, play, signItems } = this.#options
    const id = occurrenceId(item, planned)
    return (
      play.holds(id) || signItems.holds(id) || ledger.has({ document: item.document, item: item.id, planned })
    )
  }

  /** The record of an occurrence that is not begun; written with the next `closeAll`. */
  close({ item, planned }: Occurrence, result: 'missed' | 'skipped' | 'failed', reason: ReasonCode): void {
    const record = unplayedRecord(item, planned, this.#options.time.state, { result, reason })
    this.#closings.push({ key: { document: item.document, item: item.id, planned }, record })
  }

  /** To be called before anything else may happen. */
  closeAll(): void {
    const { ledger, onRecord } = this.#options
    if (this.#closings.length === 0) return
    ledger.closeAll(this.#closings.splice(0))
    onRecord()
  }

  /** Everything planned up to `now` was looked at. */
  save(now: EpochMs): void {
    this.#handledUntil = epochMs(Math.max(this.#handledUntil ?? now, now))
    this.#options.facts.set(WATERMARK, String(this.#handledUntil))
  }

  /** A watermark ahead of the clock would swallow what comes due until then. */
  notAhead(now: EpochMs): void {
    if (this.#handledUntil !== undefined) this.#handledUntil = epochMs(Math.min(this.#handledUntil, now))
  }

  /** These items are replaced while nobody can say at what time. */
  replacedInUnknownTime(items: readonly Item[]): void {
    this.#eras = [...this.#eras, { items, until: this.#options.clock.mono() }]
  }

  /** The time is known: what came due before is accounted for by what was in force at each moment. */
  learnTime(now: EpochMs, isStillPlanned: (occurrence: Occurrence) => boolean): void {
    const wallAt = (mono: MonoMs): EpochMs => epochMs(now - (this.#options.clock.mono() - mono))
    this.#handledUntil = epochMs(Math.min(this.#handledUntil ?? wallAt(this.#beganAt), now))
    for (const { items, until } of this.#eras) this.#account(items, wallAt(until), now, isStillPlanned)
    this.#eras = []
  }

  #account(
    items: readonly Item[],
    until: EpochMs,
    now: EpochMs,
    isStillPlanned: (occurrence: Occurrence) => boolean,
  ): void {
    const { zone, soundFrames } = this.#options
    const from = epochMs(Math.max(this.firstUnhandled(until), now - RECORD_BACK_MS))
    for (const occurrence of timetable(items, zone, from, epochMs(until + 1), 0)) {
      const { item, planned, expired } = occurrence
      if (this.isKnown(occurrence)) continue
      if (expired) this.close(occurrence, 'missed', 'EXPIRED_SCHEDULE')
      else if (windowEnd(item, planned, itemSeconds(item, soundFrames)) < now)
        this.close(occurrence, 'missed', 'NO_CLOCK')
      else if (!isStillPlanned(occurrence)) this.close(occurrence, 'skipped', 'CANCELLED')
    }
    this.closeAll()
    this.#handledUntil = epochMs(Math.max(this.#handledUntil ?? until, until))
  }
}
