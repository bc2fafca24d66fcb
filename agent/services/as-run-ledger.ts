import { asRunRecord } from '../core/arbiter/as-run-record.ts'
import { type AsRun, NOTHING_RUN, type Programme } from '../core/arbiter/programme.ts'
import type { Outcome } from '../core/record/playback.ts'
import type { ClockState, PlaybackBody } from '../core/records.ts'
import type { EpochMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Ledger, OccurrenceKey } from '../ports/state-store.ts'

/** What `resume` of the ledger row of a programme holds: how far it was at `at`. */
export type ResumeNote = { readonly asRun: AsRun; readonly at: EpochMs; readonly stopped: boolean }

export type AsRunLedgerOptions = {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly kernelBootId: string
  readonly clockState: () => ClockState
}

/** The ledger in the words of what plays: rows hold the record as it would be if nothing more happened. */
export class AsRunLedger {
  readonly #options: AsRunLedgerOptions

  constructor(options: AsRunLedgerOptions) {
    this.#options = options
  }

  open(programme: Programme): void {
    const { ledger, kernelBootId } = this.#options
    ledger.open({ ...keyOf(programme), ...this.#row(programme, NOTHING_RUN, 0, false), kernelBootId })
  }

  forget(programme: Programme): void {
    this.#options.ledger.forget(keyOf(programme))
  }

  /** `volume` in percent; `stopped`: by an orderly stop of the agent. */
  checkpoint(programme: Programme, asRun: AsRun, volume: number, stopped: boolean): void {
    const { draft, resume } = this.#row(programme, asRun, volume, stopped)
    this.#options.ledger.checkpoint(keyOf(programme), draft, resume)
  }

  close(programme: Programme, asRun: AsRun, outcome: Outcome, volume: number): void {
    const clock = this.#options.clockState()
    this.#options.ledger.close(keyOf(programme), asRunRecord(programme, asRun, outcome, { clock, volume }))
  }

  #row(
    programme: Programme,
    asRun: AsRun,
    volume: number,
    stopped: boolean,
  ): { readonly draft: PlaybackBody; readonly resume: string } {
    const at = this.#options.clock.wall()
    const note: ResumeNote = { asRun, at, stopped }
    const outcome: Outcome = { result: 'interrupted', reason: stopped ? 'STOPPED' : 'CRASHED' }
    const context = { clock: this.#options.clockState(), volume }
    return {
      draft: asRunRecord(programme, { ...asRun, endedAt: at }, outcome, context),
      resume: JSON.stringify(note),
    }
  }
}

const keyOf = ({ item, planned }: Programme): OccurrenceKey => ({
  document: item.document,
  item: item.id,
  planned,
})
