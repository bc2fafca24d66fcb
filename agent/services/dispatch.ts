import type { Readiness } from '../core/arbiter/programme.ts'
import type { ReasonCode } from '../core/codes.ts'
import type { DayRange } from '../core/documents.ts'
import { quietSpans } from '../core/policy/quiet-hours.ts'
import { itemSeconds } from '../core/schedule/duration.ts'
import { type Item, isSignOnly } from '../core/schedule/item.ts'
import { windowEnd } from '../core/schedule/late.ts'
import { type Occurrence, plan } from '../core/schedule/plan.ts'
import { type EpochMs, epochMs } from '../core/time.ts'
import { HeldOccurrences, isSameItem } from './held-occurrences.ts'
import { OccurrenceAccounts, type OccurrenceAccountsOptions } from './occurrence-accounts.ts'
import { programmeOf } from './programme-of.ts'
import { restore } from './restore.ts'
import { type Due, RECORD_BACK_MS, timetable } from './timetable.ts'

export type DispatchOptions = OccurrenceAccountsOptions & {
  readonly kernelBootId: string
  readonly quietHours: () => readonly DayRange[]
  readonly readinessOf: (item: Item) => Readiness
  /** How long before its second an occurrence is armed. */
  readonly leadMs: number
  readonly onClockStep: (stepMs: number) => void
  /** False in safe mode: nothing is planned, taken up or withdrawn, and the next start accounts for all of it. */
  readonly plans: boolean
  /** After every look at the clock: the loop turns. */
  readonly onTurn: () => void
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const HORIZON_MS = 26 * HOUR_MS
const REPLAN_EVERY_MS = HOUR_MS
const LONGEST_SLEEP_MS = 1000
const SHORTEST_SLEEP_MS = 5
const SAVE_EVERY_MS = 60_000
const CHECKPOINT_EVERY_MS = 5000

/**
 * Brings every planned occurrence to the play service at its time, exactly once: what has a ledger row is never begun
 * again, and what came due while the device could not act gets its record when it can.
 */
export class Dispatcher {
  readonly #options: DispatchOptions
  readonly #accounts: OccurrenceAccounts
  readonly #held: HeldOccurrences
  #items: readonly Item[] = []
  #due: readonly Due[] = []
  #cursor = 0
  #plannedAt = Number.NEGATIVE_INFINITY
  #savedAt = Number.NEGATIVE_INFINITY
  /** When quiet hours begin: what plays then is faded at once. */
  #quietFrom: readonly EpochMs[] = []
  /** The wall time of the last look: what comes after it is still to be looked at. */
  #lookedAt = Number.NEGATIVE_INFINITY
  #checkpointAt = Number.NEGATIVE_INFINITY
  #knowsTime = false
  #wasUnset = false
  #restored = false
  #closed = false
  /** The time was not known until here. */
  #unknownUntil = Number.NEGATIVE_INFINITY
  #wake = new AbortController()

  constructor(options: DispatchOptions) {
    this.#options = options
    this.#accounts = new OccurrenceAccounts(options)
    this.#held = new HeldOccurrences(options)
  }

  /** The items that were in force when the agent stopped: what had begun goes on, what came due since then is not forgotten. */
  begin(items: readonly Item[]): void {
    this.#items = items
    this.#followClock(this.#options.clock.wall(), undefined)
  }

  /** The items in force changed: what they no longer contain is withdrawn, what they add is planned from now on. */
  replace(items: readonly Item[]): void {
    const now = this.#look()
    if (this.#knowsTime) {
      this.#items = items
      this.#held.withdraw((occurrence) => !this.#isStillPlanned(occurrence), now)
      this.#held.follow(items, now)
      // What the new items had before this moment never existed, unless it may still start.
      this.#save(now)
      this.#options.facts.settle()
      this.#plan(now)
      this.#dispatch(now)
    } else {
      this.#accounts.replacedInUnknownTime(this.#items)
      this.#items = items
    }
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
    this.#tellQuiet(at)
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
        .sleep(this.#untilNext(), AbortSignal.any([signal, this.#wake.signal]))
        .catch(() => undefined)
    }
  }

  /** One look at the clock: arms what is near, ends what is over. */
  tick(): void {
    if (this.#closed) return
    const { play, signItems } = this.#options
    const now = this.#look()
    play.tick(now)
    signItems.tick(now)
    this.#keep(now)
  }

  /** Orderly stop: nothing more is begun, and what has begun is noted for the next start. */
  close(): void {
    const { play, signItems } = this.#options
    const now = this.#look()
    this.#save(now)
    signItems.checkpoint(now, true)
    play.close()
    this.#closed = true
  }

  /** Follows the clock, and hands over what has come due by it. */
  #look(): EpochMs {
    const { clock, time, onClockStep } = this.#options
    const step = time.update()
    const now = clock.wall()
    this.#lookedAt = now
    if (step !== undefined) onClockStep(step)
    this.#followClock(now, step)
    if (this.#knowsTime) this.#dispatch(now)
    if (step !== undefined) {
      this.#save(now)
      // A clock that was ahead and was set right would be below the saved time for as long after a power cut.
      this.#options.facts.settle()
    }
    return now
  }

  /** Remembers up to where everything is accounted for. */
  #save(now: EpochMs): void {
    this.#savedAt = this.#options.clock.mono()
    if (this.#knowsTime) this.#accounts.save(now)
  }

  #keep(now: EpochMs): void {
    const mono = this.#options.clock.mono()
    if (mono - this.#checkpointAt >= CHECKPOINT_EVERY_MS) {
      this.#checkpointAt = mono
      this.#options.signItems.checkpoint(now, false)
    }
    if (mono - this.#savedAt >= SAVE_EVERY_MS) this.#save(now)
  }

  /** Plans anew when the time becomes known, when it jumped, and when the plan runs out. */
  #followClock(now: EpochMs, step: number | undefined): void {
    const { time, play, plans } = this.#options
    if (step !== undefined) play.apply({ kind: 'clock', at: now, stepMs: step })
    if (!plans) {
      if (time.state !== 'unset') this.#tellQuiet(now)
      return
    }
    if (time.state === 'unset') {
      if (this.#knowsTime) this.#held.blame(() => 'NO_CLOCK', now)
      this.#knowsTime = false
      this.#wasUnset = true
      return
    }
    const learned = !this.#knowsTime
    if (learned) this.#learnTime(now)
    else if (step !== undefined) this.#accounts.notAhead(now)
    if (learned || step !== undefined || now - this.#plannedAt > REPLAN_EVERY_MS) this.#plan(now)
  }

  #learnTime(now: EpochMs): void {
    this.#knowsTime = true
    if (this.#wasUnset) this.#unknownUntil = now
    this.#held.blame((planned) => this.#missedReason(planned), now)
    this.#accounts.learnTime(now, (occurrence) => this.#isStillPlanned(occurrence))
    if (this.#restored) return
    this.#restored = true
    restore(this.#items, now, {
      ...this.#options,
      clockState: () => this.#options.time.state,
      missedReason: this.#wasUnset ? 'NO_CLOCK' : 'LATE',
    })
  }

  #plan(now: EpochMs): void {
    const { zone, soundFrames, leadMs } = this.#options
    const longest = this.#items.reduce(
      (most, item) => Math.max(most, windowEnd(item, epochMs(0), itemSeconds(item, soundFrames))),
      0,
    )
    const unhandled = this.#accounts.firstUnhandled(now)
    const from = epochMs(Math.max(Math.min(unhandled, now - longest), now - RECORD_BACK_MS))
    this.#due = timetable(this.#items, zone, from, epochMs(now + HORIZON_MS), leadMs)
    this.#cursor = 0
    this.#plannedAt = now
    this.#tellQuiet(now)
  }

  #dispatch(now: EpochMs): void {
    for (
      let next = this.#due[this.#cursor];
      next !== undefined && next.lookAt <= now;
      next = this.#due[this.#cursor]
    ) {
      this.#cursor += 1
      if (!this.#accounts.isKnown(next)) this.#handle(next, now)
    }
    this.#accounts.closeAll()
  }

  #handle(due: Due, now: EpochMs): void {
    const { item, planned, expired } = due
    const { play, signItems, readinessOf, soundFrames } = this.#options
    const seconds = itemSeconds(item, soundFrames)
    const missedReason = this.#missedReason(planned)
    if (expired || windowEnd(item, planned, seconds) < now) {
      // What closed before its document was first accepted never existed.
      if (planned < this.#accounts.firstUnhandled(now)) return
      this.#accounts.close(due, 'missed', expired ? 'EXPIRED_SCHEDULE' : missedReason)
    } else if (isSignOnly(item)) {
      const readiness = readinessOf(item)
      if (readiness.state === 'excluded') this.#accounts.close(due, readiness.result, readiness.reason)
      else signItems.begin(due, seconds, now)
    } else {
      const programme = programmeOf(due, missedReason)
      play.apply({ kind: 'arm', at: now, programme, readiness: readinessOf(item) })
    }
  }

  #missedReason(planned: EpochMs): ReasonCode {
    return planned <= this.#unknownUntil ? 'NO_CLOCK' : 'LATE'
  }

  /** An item that has begun stays, even when its schedule expired meanwhile. */
  #isStillPlanned({ item, planned }: Occurrence): boolean {
    const same = this.#items.filter((each) => isSameItem(each, item))
    const unexpiring = same.map((each) => ({ ...each, expires: undefined }))
    return plan(unexpiring, this.#options.zone, planned, epochMs(planned + 1)).length > 0
  }

  #tellQuiet(at: EpochMs): void {
    const { zone, quietHours, play } = this.#options
    const spans = quietSpans(quietHours(), zone, at, epochMs(at + 2 * DAY_MS))
    this.#quietFrom = spans.map(({ from }) => from)
    play.apply({ kind: 'quiet', at, spans })
  }

  #untilNext(): number {
    if (!this.#knowsTime) return LONGEST_SLEEP_MS
    const now = this.#options.clock.wall()
    const next = this.#due[this.#cursor]
    const planned = this.#options.play.held.map((programme) => programme.planned)
    const edges = [
      ...(next === undefined ? [] : [next.lookAt]),
      ...[...planned, ...this.#quietFrom].filter((edge) => edge > this.#lookedAt),
    ]
    const wait = Math.min(LONGEST_SLEEP_MS, ...edges.map((edge) => edge - now))
    return Math.max(SHORTEST_SLEEP_MS, wait)
  }

  #wakeUp(): void {
    this.#wake.abort()
  }
}
