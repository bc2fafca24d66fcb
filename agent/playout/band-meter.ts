import { BANDS, type BandFilter, bandFilters, CELL_MS, decimation } from '../core/hearing/bands.ts'
import type { Envelopes } from './envelopes.ts'

const CELL_NS = CELL_MS * 1e6
const FULL_SCALE = 32_768
/** Of a cell of which less was seen the power is not known. */
const LEAST_SHARE = 0.5

/** Takes sound apart into the powers of its bands, cell by cell of monotonic time. Keeps no sound. */
export class BandMeter {
  readonly #into: Envelopes
  readonly #channels: number
  readonly #factor: number
  readonly #filters: readonly BandFilter[]
  readonly #samplesInCell: number
  /** x1, x2, y1, y2 of each band. */
  readonly #state: Float64Array
  readonly #powers = new Float64Array(BANDS)
  #samples = new Float32Array(0)
  #sum = 0
  #summed = 0
  #cell = Number.NaN
  #inCell = 0

  constructor(rate: number, channels: number, into: Envelopes) {
    this.#into = into
    this.#channels = channels
    this.#factor = decimation(rate)
    const reduced = rate / this.#factor
    this.#filters = bandFilters(reduced)
    this.#samplesInCell = (reduced * CELL_MS) / 1000
    this.#state = new Float64Array(4 * BANDS)
  }

  /** Interleaved frames, the first of which sounded at monotonic `atNs`, each other `stepNs` after the one before. */
  feed(frames: Int16Array, atNs: number, stepNs: number): void {
    const sampleNs = stepNs * this.#factor
    let nextNs = atNs - this.#summed * stepNs
    const count = this.#reduce(frames)
    for (let from = 0; from < count; ) {
      const cell = Math.floor(nextNs / CELL_NS)
      const left = Math.max(1, Math.ceil(((cell + 1) * CELL_NS - nextNs) / sampleNs))
      const to = Math.min(count, from + left)
      this.#enter(cell)
      for (let band = 0; band < BANDS; band += 1) this.#filter(band, from, to)
      this.#inCell += to - from
      nextNs += (to - from) * sampleNs
      from = to
    }
  }

  /** Sums frames, all channels of them, into samples of the lower rate; says how many there are now. */
  #reduce(frames: Int16Array): number {
    const most = Math.ceil(frames.length / this.#channels / this.#factor) + 1
    if (this.#samples.length < most) this.#samples = new Float32Array(most)
    const whole = this.#factor * this.#channels
    const scale = 1 / (FULL_SCALE * whole)
    let count = 0
    let [sum, summed] = [this.#sum, this.#summed * this.#channels]
    for (let index = 0; index < frames.length; index += 1) {
      sum += frames[index] ?? 0
      summed += 1
      if (summed < whole) continue
      this.#samples[count] = sum * scale
      count += 1
      sum = 0
      summed = 0
    }
    this.#sum = sum
    this.#summed = summed / this.#channels
    return count
  }

  #enter(cell: number): void {
    if (cell === this.#cell) return
    if (this.#inCell >= LEAST_SHARE * this.#samplesInCell)
      this.#into.put(this.#cell, this.#powers, this.#inCell)
    this.#powers.fill(0)
    this.#cell = cell
    this.#inCell = 0
  }

  #filter(band: number, from: number, to: number): void {
    const filter = this.#filters[band]
    if (filter === undefined) return
    const { b, a1, a2 } = filter
    const state = this.#state
    const at = 4 * band
    let x1 = state[at] ?? 0
    let x2 = state[at + 1] ?? 0
    let y1 = state[at + 2] ?? 0
    let y2 = state[at + 3] ?? 0
    let power = 0
    for (let index = from; index < to; index += 1) {
      const x = this.#samples[index] ?? 0
      const y = b * (x - x2) - a1 * y1 - a2 * y2
      power += y * y
      x2 = x1
      x1 = x
      y2 = y1
      y1 = y
    }
    state[at] = x1
    state[at + 1] = x2
    // What dies away must not end in numbers so small that processors take a hundred times as long.
    state[at + 2] = Math.abs(y1) < 1e-15 ? 0 : y1
    state[at + 3] = Math.abs(y2) < 1e-15 ? 0 : y2
    this.#powers[band] = (this.#powers[band] ?? 0) + power
  }
}
