import { BANDS, CELL_MS } from '../core/hearing/bands.ts'
import { FEWEST_CELLS, FIRST_LAG, LAGS, matchWindow, WINDOW_CELLS } from '../core/hearing/match.ts'
import { GROUPS, type Heard, newTallies, note, verdictOf } from '../core/hearing/verdict.ts'
import type { Envelopes } from './envelopes.ts'

/** The first window begins before the sound does: that it begins is the plainest thing about a tone. */
const BEFORE_CELLS = WINDOW_CELLS / 2
/** Quieter than -70 dBFS in all bands nothing is expected to be heard. */
const SILENT_POWER = 1e-7

/** Compares what was sent of one piece with what was heard, window by window, in the order of time. */
export class Listening {
  readonly #sent: Envelopes
  readonly #heard: Envelopes
  readonly #tallies = newTallies()
  /** First cell of the next window. */
  #next: number
  #windows = 0

  /** From a sound whose first frame left at monotonic `startNs`. */
  constructor(sent: Envelopes, heard: Envelopes, startNs: number) {
    this.#sent = sent
    this.#heard = heard
    this.#next = Math.floor(startNs / 1e6 / CELL_MS) - BEFORE_CELLS
  }

  /** Judges the windows of which everything has been heard that may be. */
  follow(): void {
    while (this.#heard.last >= this.#next + WINDOW_CELLS + LAGS + FIRST_LAG) this.#judge(WINDOW_CELLS)
  }

  /** What it comes to, with what has been heard up to now of the sound that left before `endNs`. */
  verdict(endNs: number): Heard | undefined {
    this.follow()
    const end = Math.floor(endNs / 1e6 / CELL_MS)
    while (end - this.#next >= FEWEST_CELLS) this.#judge(Math.min(WINDOW_CELLS, end - this.#next))
    return verdictOf(this.#tallies)
  }

  /** A window of which most is missing, because a device was not there, says nothing. */
  #judge(cells: number): void {
    const from = this.#next
    this.#next += cells
    const sent = this.#sent.from(from, cells)
    if (sent.cells < FEWEST_CELLS || !isAudible(sent.powers, sent.cells)) return
    const found = matchWindow(sent, this.#heard.from(from + FIRST_LAG, sent.cells + LAGS - 1))
    const tally = this.#tallies[this.#windows % GROUPS]
    if (found === undefined || tally === undefined) return
    this.#windows += 1
    note(tally, found, (sent.cells * CELL_MS) / 1000)
  }
}

const isAudible = (powers: Float32Array, cells: number): boolean =>
  powers.reduce((sum, power) => sum + power, 0) / cells > BANDS * SILENT_POWER
