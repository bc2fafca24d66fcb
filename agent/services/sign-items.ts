import { type Outcome, shownRecord, unplayedRecord } from '../core/record/playback.ts'
import type { ClockState, PlaybackBody } from '../core/records.ts'
import { LOSS_TOLERANCE_SECONDS } from '../core/schedule/late.ts'
import { type Occurrence, occurrenceId } from '../core/schedule/plan.ts'
import { type EpochMs, epochMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Ledger, OccurrenceKey } from '../ports/state-store.ts'
import type { SignControl } from './sign-control.ts'

export type SignItemsOptions = {
  readonly signs: SignControl
  readonly ledger: Ledger
  readonly clock: Clock
  readonly kernelBootId: string
  readonly clockState: () => ClockState
  readonly onRecord: () => void
}

type Showing = {
  readonly occurrence: Occurrence
  readonly startedAt: EpochMs
  readonly endsAt: EpochMs
  /** The same on the monotonic clock: a wall clock that is set back does not make it longer. */
  readonly endsAtMono: number
  readonly joined: boolean
  /** Shown before a restart. */
  readonly earlierSeconds: number
}

/** What `resume` of the ledger row of a sign-only item holds. */
type ShownNote = {
  readonly shownSeconds: number
  readonly startedAt: EpochMs
  /** By an orderly stop of the agent. */
  readonly stopped: boolean
}

const keyOf = ({ item, planned }: Occurrence): OccurrenceKey => ({
  document: item.document,
  item: item.id,
  planned,
})
const idOf = ({ item, planned }: Occurrence): string => occurrenceId(item, planned)

/** Shows items that have only pages: nothing cuts them and nothing waits, each one's clock runs on. */
export class SignItems {
  readonly #options: SignItemsOptions
  readonly #showing = new Map<string, Showing>()

  constructor(options: SignItemsOptions) {
    this.#options = options
  }

  holds(id: string): boolean {
    return this.#showing.has(id)
  }

  get held(): readonly Occurrence[] {
    return [...this.#showing.values()].map(({ occurrence }) => occurrence)
  }

  /** Seconds that the pages of an item that is held were on a working sign so far. */
  shownSeconds(item: string): number {
    const ids = [...this.#showing].filter(([, { occurrence }]) => occurrence.item.id === item)
    return ids.reduce((sum, [id]) => sum + this.#options.signs.shownSeconds(id), 0)
  }

  /** Begins an occurrence whose second has come; `seconds` is its whole clock. `note` is that of a row taken up again. */
  begin(occurrence: Occurrence, seconds: number, now: EpochMs, note?: string): void {
    const { item, planned } = occurrence
    if (item.sign === undefined) return
    const before: ShownNote | undefined = note === undefined ? undefined : JSON.parse(note)
    const showing: Showing = {
      occurrence,
      startedAt: before?.startedAt ?? now,
      endsAt: epochMs(planned + seconds * 1000),
      endsAtMono: this.#options.clock.mono() + planned + seconds * 1000 - now,
      joined: before !== undefined || now - planned > LOSS_TOLERANCE_SECONDS * 1000,
      earlierSeconds: before?.shownSeconds ?? 0,
    }
    this.#showing.set(idOf(occurrence), showing)
    if (before === undefined)
      this.#options.ledger.open({
        ...keyOf(occurrence),
        ...this.#draft(showing, now, false),
        kernelBootId: this.#options.kernelBootId,
      })
    this.#options.signs.show(idOf(occurrence), item.sign, 'notice', item.class)
  }

  /** Ends those whose clock has run out. */
  tick(now: EpochMs): void {
    const mono = this.#options.clock.mono()
    for (const [id, showing] of this.#showing)
      if (now >= showing.endsAt || mono >= showing.endsAtMono) this.#end(id, showing, now)
  }

  withdraw(ids: readonly string[], now: EpochMs): void {
    for (const id of ids) {
      const showing = this.#showing.get(id)
      if (showing !== undefined) this.#end(id, showing, now, 'CANCELLED')
    }
  }

  /** Ends all that show, or those of one item, by order; says how many that were. */
  clear(now: EpochMs, item?: string): number {
    const showing = [...this.#showing].filter(
      ([, { occurrence }]) => item === undefined || occurrence.item.id === item,
    )
    for (const [id, each] of showing) this.#end(id, each, now, 'STOPPED')
    return showing.length
  }

  /** Notes how far each has come, for a start after a stop or a crash. */
  checkpoint(now: EpochMs, stopped: boolean): void {
    for (const showing of this.#showing.values()) {
      const { draft, resume } = this.#draft(showing, now, stopped)
      this.#options.ledger.checkpoint(keyOf(showing.occurrence), draft, resume)
    }
  }

  #end(id: string, showing: Showing, now: EpochMs, reason?: 'CANCELLED' | 'STOPPED'): void {
    const { signs, ledger, clockState, onRecord } = this.#options
    this.#showing.delete(id)
    const { shownSeconds, worked } = signs.clear(id)
    const total = showing.earlierSeconds + shownSeconds
    const { item, planned } = showing.occurrence
    const outcome = outcomeOf(showing, total, worked, reason)
    const record =
      total === 0 && outcome.result !== 'completed'
        ? unplayedRecord(item, planned, clockState(), outcome)
        : shownRecord(
            item,
            planned,
            clockState(),
            { started: showing.startedAt, ended: now, shownSeconds: total },
            outcome,
          )
    ledger.close(keyOf(showing.occurrence), record)
    onRecord()
  }

  #draft(
    showing: Showing,
    now: EpochMs,
    stopped: boolean,
  ): { readonly draft: PlaybackBody; readonly resume: string } {
    const { signs, clockState } = this.#options
    const shownSeconds = showing.earlierSeconds + signs.shownSeconds(idOf(showing.occurrence))
    const { item, planned } = showing.occurrence
    const note: ShownNote = { shownSeconds, startedAt: showing.startedAt, stopped }
    return {
      draft: shownRecord(
        item,
        planned,
        clockState(),
        { started: showing.startedAt, ended: now, shownSeconds },
        INTERRUPTED,
      ),
      resume: JSON.stringify(note),
    }
  }
}

const INTERRUPTED: Outcome = { result: 'interrupted', reason: 'CRASHED' }

function outcomeOf(
  showing: Showing,
  shownSeconds: number,
  worked: boolean,
  reason: 'CANCELLED' | 'STOPPED' | undefined,
): Outcome {
  if (reason !== undefined && shownSeconds > 0) return { result: 'partial', reason }
  if (reason !== undefined) return { result: 'skipped', reason: 'CANCELLED' }
  if (shownSeconds > 0)
    return showing.joined ? { result: 'partial', reason: 'LATE' } : { result: 'completed' }
  return worked ? { result: 'preempted', reason: 'PREEMPTED' } : { result: 'failed', reason: 'SIGN' }
}
