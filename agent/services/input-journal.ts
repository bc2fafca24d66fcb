import type { ArbiterState, Effect, Input, Step } from '../core/arbiter/state.ts'
import { hasConsequence } from '../core/replay/consequence.ts'
import { beginningLine, toldLine } from '../core/replay/journal.ts'
import type { Clock } from '../ports/clock.ts'
import type { Journal } from '../ports/journal.ts'

export type InputJournalOptions = {
  readonly journal: Journal
  readonly clock: Clock
  /** Version of the software. */
  readonly agent: string
  readonly timezone: string
  /** Nothing sounds and nothing is near: a write to the disk is in nobody's way. */
  readonly calm: () => boolean
}

type Row = { readonly before: ArbiterState; readonly input: Input; readonly effects: readonly Effect[] }

const KEEP_EVERY_MS = 3_600_000
/** A stretch of this length is kept at the next calm moment, one of twice the length at once. */
const KEEP_LENGTH = 256 * 1024
/** Between two seconds: far more than can happen in one. */
const MOST_ROWS = 2000

/** Of runs of these the last is kept, to show that nothing was decided until then. */
const WITNESSES: readonly Input['kind'][] = ['tick', 'progress']

/**
 * Writes down what the arbiter is told and what it decides, so that it can be decided anew on another machine. In the turn
 * of an input only references are taken; words are made of them in the next second.
 */
export class InputJournal {
  readonly #options: InputJournalOptions
  #rows: Row[] = []
  readonly #witnesses = new Map<Input['kind'], Row>()
  #keptAt: number
  #lost = false
  #start = true

  constructor(options: InputJournalOptions) {
    this.#options = options
    this.#keptAt = options.clock.mono()
  }

  /** After the effects were carried out. */
  note(before: ArbiterState, input: Input, { state, effects }: Step): void {
    const row = { before, input, effects }
    if (!hasConsequence(before, state, effects)) {
      if (!WITNESSES.includes(input.kind)) return
      // The newest last: a map keeps the order in which its keys came.
      this.#witnesses.delete(input.kind)
      this.#witnesses.set(input.kind, row)
      return
    }
    this.#rows.push(...this.#witnesses.values(), row)
    this.#witnesses.clear()
    if (this.#rows.length <= MOST_ROWS) return
    this.#rows = []
    this.#lost = true
  }

  /** Called every second. */
  tick(): void {
    this.write()
    const { journal, clock, calm } = this.#options
    const { openLength } = journal
    const due = clock.mono() - this.#keptAt >= KEEP_EVERY_MS || openLength >= KEEP_LENGTH
    if (openLength === 0 || !due) return
    if (calm() || openLength >= 2 * KEEP_LENGTH) this.#keep()
  }

  /** Everything that was told is written, the last witnesses too. */
  write(): void {
    const [first] = this.#rows
    if (first === undefined) return
    // After a hole nothing follows from what was written before it.
    if (this.#lost) this.#keep()
    const { journal, agent, timezone } = this.#options
    const beginning = journal.isFresh
      ? [beginningLine({ at: first.input.at, agent, timezone, start: this.#start, state: first.before })]
      : []
    this.#start = false
    journal.write(
      [...beginning, ...this.#rows.map(({ input, effects }) => toldLine(input, effects))],
      this.#rows.length,
    )
    this.#rows = []
  }

  /** An orderly stop. */
  close(): void {
    this.#rows.push(...this.#witnesses.values())
    this.#witnesses.clear()
    this.write()
    this.#keep()
  }

  #keep(): void {
    this.#options.journal.keep()
    this.#keptAt = this.#options.clock.mono()
    this.#lost = false
  }
}
