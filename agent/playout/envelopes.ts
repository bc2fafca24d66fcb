import { BANDS } from '../core/hearing/bands.ts'
import type { Envelope } from '../core/hearing/match.ts'

/** Ten seconds: a window, the latest that it may be heard, and time to spare for a device that answers late. */
const KEPT_CELLS = 512

/** The powers of the last cells, by band: all that is kept of what was sent and of what was heard. */
export class Envelopes {
  readonly #powers = new Float32Array(KEPT_CELLS * BANDS)
  readonly #cells = new Float64Array(KEPT_CELLS).fill(Number.NaN)
  #last = Number.NEGATIVE_INFINITY

  /** The newest cell. */
  get last(): number {
    return this.#last
  }

  /** `sums` of squares over `samples` of a cell. */
  put(cell: number, sums: Float64Array, samples: number): void {
    const slot = cell % KEPT_CELLS
    this.#cells[slot] = cell
    for (let band = 0; band < BANDS; band += 1)
      this.#powers[slot * BANDS + band] = (sums[band] ?? 0) / samples
    this.#last = cell
  }

  /** The cells from `from` on, as far as they are there without a gap, at most `count`. */
  from(from: number, count: number): Envelope {
    let cells = 0
    while (cells < count && this.#cells[(from + cells) % KEPT_CELLS] === from + cells) cells += 1
    const powers = new Float32Array(cells * BANDS)
    for (let cell = 0; cell < cells; cell += 1) {
      const slot = (from + cell) % KEPT_CELLS
      for (let band = 0; band < BANDS; band += 1)
        powers[band * cells + cell] = this.#powers[slot * BANDS + band] ?? 0
    }
    return { cells, powers }
  }
}
