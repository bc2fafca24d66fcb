import type { Programme, Readiness } from '../core/arbiter/programme.ts'
import type { Span } from '../core/arbiter/state.ts'
import type { ReasonCode } from '../core/codes.ts'
import type { DayRange } from '../core/documents.ts'
import { nextQuietChange, quietAt } from '../core/policy/quiet-hours.ts'
import { unplayedRecord } from '../core/record/playback.ts'
import { itemSeconds, type SoundFrames } from '../core/schedule/duration.ts'
import { type Item, isSignOnly } from '../core/schedule/item.ts'
import { windowEnd } from '../core/schedule/late.ts'
import { type Occurrence, occurrenceId, plan, planExpired } from '../core/schedule/plan.ts'
import type { Zone } from '../core/schedule/zone.ts'
import { type EpochMs, epochMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Facts, Ledger } from '../ports/state-store.ts'
import type { PlayService } from './play.ts'
import type { SignItems } from './sign-items.ts'
import type { TimeKeeper } from './time-keeper.ts'

export type DispatchOptions = {
  readonly clock: Clock
  readonly time: TimeKeeper
  readonly zone: Zone
  readonly ledger: Ledger
  readonly facts: Facts
  readonly play: PlayService
  readonly signItems: SignItems
  readonly soundFrames: SoundFrames
  readonly quietHours: () => readonly DayRange[]
  readonly readinessOf: (item: Item) => Readiness
  /** How long before its second an occurrence is armed. */
  readonly leadMs: number
  readonly onClockStep: (stepMs: number) => void
  /** After every look at the clock: the loop turns. */
  readonly onTurn: () => void
  readonly onRecord: () => void
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const HORIZON_MS = 26 * HOUR_MS
const REPLAN_EVERY_MS = HOUR_MS
/** Time without power, or after `exp`, is recorded for at most this long. */
const RECORD_BACK_MS = 7 * DAY_MS
const LONGEST_SLEEP_MS = 1000
const SHORTEST_SLEEP_MS = 5
const SAVE_EVERY_MS = 60_000
const WATERMARK = 'dispatch.handled-until'

/**
 * Brings every planned occurrence to the play service at its time, exactly once: what has a ledger row is never begun
 * again, and what came due while the device could not act gets its record when it can.
 */
export class Dispatcher {
  readonly #options: DispatchOptions
  #items: readonly Item[] = []
  #upcoming: readonly Occurrence[] = []
  #expired: readonly Occurrence[] = []
  #cursor = 0
  #expiredCursor = 0
  #plannedAt = Number.NEGATIVE_INFINITY
  /** Every occurrence planned up to here has a row, a record, or is held by the play service. */
  #handledUntil: EpochMs
  #savedAt = Number.NEGATIVE_INFINITY
  /** The time was not known until here. */
  #unknownUntil: EpochMs | undefined
  #wake = new AbortController()

  constructor(options: DispatchOptions) {
    this.#options = options
    const saved = Number(options.facts.get(WATERMARK) ?? Number.NaN)
    this.#handledUntil = epochMs(Number.isFinite(saved) ? saved : options.clock.wall())
  }

  /** The items that were in force when the agent stopped: what came due since then is not forgotten. */
  begin(items: readonly Item[]): void {
    this.#items = items
    this.#plan(this.#options.clock.wall())
  }

  /** The items in force changed: what they no longer contain is withdrawn, what they add is planned from now on. */
  replace(items: readonly Item[]): void {
    const now = this.#options.clock.wall()
    if (this.#options.time.state !== 'unset') {
      this.#dispatch(now)
      this.#handledUntil = epochMs(Math.max(this.#handledUntil, now))
    }
    this.#items = items
    this.#withdrawMissing(now)
    this.#plan(now)
    this.#wakeUp()
  }

  /** Media arrived or was found bad, or the policy changed: what waits is judged anew. */
  reconsider(): void {
    const { play, readinessOf, clock } = this.#options
    const at = clock.wall()
    for (const programme of play.awaiting) {
      if (programme.item.document === 'local') continue
      play.apply({ kind: 'readiness', at, key: programme.key, readiness: readinessOf(programme.item) })
    }
    play.apply({ kind: 'quiet', at, spans: this.#quietSpans(at) })
  }

  /** Occurrences in [from, until), for the screen, `reported` and prefetch. */
  planned(from: EpochMs, until: EpochMs): readonly Occurrence[] {
    return plan(this.#items, this.#options.zone, from, until)
  }

  get items(): readonly Item[] {
    return this.#items
  }

  /** Runs until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    while (!signal.aborted) {
      this.tick()
      this.#options.onTurn()
      this.#wake = new AbortController()
      await clock
        .sleep(this.#untilNext(clock.wall()), AbortSignal.any([signal, this.#wake.signal]))
        .catch(() => undefined)
    }
  }

  /** One look at the clock: arms what is near, ends what is over. */
  tick(): void {
    const { clock, time, play, signItems, onClockStep } = this.#options
    const wasUnset = time.state === 'unset'
    const step = time.update()
    const now = clock.wall()
    if (step !== undefined) onClockStep(step)
    if (time.state === 'unset') {
      this.#unknownUntil = now
    } else {
      if (wasUnset) this.#unknownUntil = now
      if (step !== undefined || wasUnset || now - this.#plannedAt > REPLAN_EVERY_MS || now < this.#plannedAt)
        this.#plan(now)
      this.#dispatch(now)
    }
    play.tick(now)
    signItems.tick(now)
    if (clock.mono() - this.#savedAt >= SAVE_EVERY_MS) this.save(now)
  }

  /** Remembers up to where everything is accounted for. */
  save(now: EpochMs): void {
    const { facts, play, signItems, clock, time } = this.#options
    signItems.checkpoint(now)
    this.#savedAt = clock.mono()
    if (time.state === 'unset') return
    const unrecorded = play.held.map(({ planned }) => planned - 1)
    this.#handledUntil = epochMs(Math.max(this.#handledUntil, now))
    facts.set(WATERMARK, String(Math.min(this.#handledUntil, ...unrecorded)))
  }

  #plan(now: EpochMs): void {
    const { zone, soundFrames, play } = this.#options
    const longest = this.#items.reduce((most, item) => Math.max(most, windowMs(item, soundFrames)), 0)
    const from = epochMs(Math.max(Math.min(this.#handledUntil + 1, now - longest), now - RECORD_BACK_MS))
    const until = epochMs(now + HORIZON_MS)
    this.#upcoming = plan(this.#items, zone, from, until)
    this.#expired = planExpired(
      this.#items,
      zone,
      epochMs(Math.max(this.#handledUntil + 1, now - RECORD_BACK_MS)),
      until,
    )
    this.#cursor = 0
    this.#expiredCursor = 0
    this.#plannedAt = now
    play.apply({ kind: 'quiet', at: now, spans: this.#quietSpans(now) })
  }

  #dispatch(now: EpochMs): void {
    const { leadMs } = this.#options
    for (let next = this.#upcoming[this.#cursor]; next !== undefined; next = this.#upcoming[this.#cursor]) {
      const begin = isSignOnly(next.item) ? next.planned : next.planned - leadMs
      if (begin > now) break
      this.#cursor += 1
      this.#handle(next, now)
    }
    for (
      let next = this.#expired[this.#expiredCursor];
      next !== undefined && next.planned <= now;
      next = this.#expired[this.#expiredCursor]
    ) {
      this.#expiredCursor += 1
      const since = next.planned - (next.item.expires ?? next.planned)
      if (since <= RECORD_BACK_MS && !this.#known(next)) this.#miss(next, 'EXPIRED_SCHEDULE')
    }
  }

  #known({ item, planned }: Occurrence): boolean {
    const { ledger, play, signItems } = this.#options
    const id = occurrenceId(item, planned)
    return (
      play.holds(id) || signItems.holds(id) || ledger.has({ document: item.document, item: item.id, planned })
    )
  }

  #handle(occurrence: Occurrence, now: EpochMs): void {
    const { item, planned } = occurrence
    if (this.#known(occurrence)) return
    const { play, signItems, readinessOf, soundFrames } = this.#options
    const seconds = itemSeconds(item, soundFrames)
    const missedReason =
      this.#unknownUntil !== undefined && planned <= this.#unknownUntil ? 'NO_CLOCK' : 'LATE'
    if (windowEnd(item, planned, seconds) < now) {
      if (planned > this.#handledUntil) this.#miss(occurrence, missedReason)
    } else if (isSignOnly(item)) {
      const readiness = readinessOf(item)
      if (readiness.state === 'excluded') this.#close(occurrence, readiness.result, readiness.reason)
      else signItems.begin(occurrence, seconds, now)
    } else {
      const programme = {
        key: occurrenceId(item, planned),
        item,
        planned,
        obeysQuietHours: true,
        missedReason,
      } as const
      play.apply({ kind: 'arm', at: now, programme, readiness: readinessOf(item) })
    }
  }

  #miss(occurrence: Occurrence, reason: ReasonCode): void {
    this.#close(occurrence, 'missed', reason)
  }

  #close({ item, planned }: Occurrence, result: 'missed' | 'skipped' | 'failed', reason: ReasonCode): void {
    const { ledger, time, onRecord } = this.#options
    const record = unplayedRecord(item, planned, time.state, { result, reason })
    ledger.close({ document: item.document, item: item.id, planned }, record)
    onRecord()
  }

  #withdrawMissing(now: EpochMs): void {
    const { play, signItems } = this.#options
    const gone = (occurrence: { readonly item: Item; readonly planned: EpochMs }): boolean =>
      occurrence.item.document.endsWith('/schedule') && !this.#stillPlanned(occurrence)
    const idOf = ({ item, planned }: Occurrence): string => occurrenceId(item, planned)
    play.apply({
      kind: 'withdraw',
      at: now,
      keys: play.held.filter(gone).map((programme: Programme) => programme.key),
    })
    signItems.withdraw(signItems.held.filter(gone).map(idOf), now)
  }

  /** An item that has begun stays, even when its schedule expired meanwhile. */
  #stillPlanned({ item, planned }: Occurrence): boolean {
    const same = this.#items.filter((other) => other.id === item.id && other.document === item.document)
    const unexpiring = same.map((other) => ({ ...other, expires: undefined }))
    return plan(unexpiring, this.#options.zone, planned, epochMs(planned + 1)).length > 0
  }

  #quietSpans(now: EpochMs): readonly Span[] {
    const { zone, quietHours } = this.#options
    const ranges = quietHours()
    const spans: Span[] = []
    let from: EpochMs | undefined = quietAt(ranges, zone, now) ? now : undefined
    for (
      let at = nextQuietChange(ranges, zone, now);
      at !== undefined && at < now + 2 * DAY_MS;
      at = nextQuietChange(ranges, zone, at)
    ) {
      if (from !== undefined) spans.push({ from, to: at })
      from = from === undefined ? at : undefined
    }
    return from === undefined ? spans : [...spans, { from, to: epochMs(now + 2 * DAY_MS) }]
  }

  #untilNext(now: EpochMs): number {
    const next = this.#upcoming[this.#cursor]
    const edges = [
      ...(next === undefined
        ? []
        : [isSignOnly(next.item) ? next.planned : next.planned - this.#options.leadMs]),
      ...this.#options.play.held.map(({ planned }) => planned).filter((planned) => planned > now),
    ]
    const wait = Math.min(LONGEST_SLEEP_MS, ...edges.map((edge) => edge - now))
    return Math.max(SHORTEST_SLEEP_MS, wait)
  }

  #wakeUp(): void {
    this.#wake.abort()
  }
}

const windowMs = (item: Item, soundFrames: SoundFrames): number =>
  (isSignOnly(item) ? itemSeconds(item, soundFrames) : item.late.withinSeconds) * 1000
