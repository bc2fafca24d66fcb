import { BANDS, CELLS_PER_SECOND } from './bands.ts'

/** What is heard may come so much later than it left the device: converters, amplifier, 270 m of air. */
export const LATEST_MS = 1200
/** And so much earlier: the two devices' clocks are known no better. */
const EARLIEST_CELLS = 2
export const LAGS = EARLIEST_CELLS + (LATEST_MS * CELLS_PER_SECOND) / 1000 + 1
/** Cells of a window: a second holds several syllables. */
export const WINDOW_CELLS = CELLS_PER_SECOND
/** Less than this of a window says nothing. */
export const FEWEST_CELLS = WINDOW_CELLS / 2
/** First cell of what was heard, seen from the first of what was sent. */
export const FIRST_LAG = -EARLIEST_CELLS

/** Amplitude in place of power, so that one loud vowel does not outweigh everything else. */
const COMPRESSION = 0.5
/** A band whose loudness stays the same, to this share of it, carries nothing that could be found again. */
const LEAST_CHANGE = 0.1

/** Powers by band, each band's cells in a row: `[band * cells + cell]`. */
export type Envelope = { readonly cells: number; readonly powers: Float32Array }

/**
 * Writes the loudness of each cell of one band, smoothed over three cells: what is heard lies between the cells of what
 * was sent.
 */
const writeLoudness = (out: Float64Array, { cells, powers }: Envelope, band: number): void => {
  const from = band * cells
  for (let cell = 0; cell < cells; cell += 1) {
    const here = powers[from + cell] ?? 0
    const before = cell === 0 ? here : (powers[from + cell - 1] ?? 0)
    const after = cell === cells - 1 ? here : (powers[from + cell + 1] ?? 0)
    out[cell] = ((before + 2 * here + after) / 4) ** COMPRESSION
  }
}

type Spread = { readonly mean: number; readonly deviation: number }

const spreadOf = (values: Float64Array, from: number, count: number): Spread => {
  let [sum, squares] = [0, 0]
  for (let index = from; index < from + count; index += 1) {
    const value = values[index] ?? 0
    sum += value
    squares += value * value
  }
  const mean = sum / count
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) }
}

/** How much a band changes in a window, from 0 for nothing to 1. */
const changeOf = ({ mean, deviation }: Spread): number => {
  const change = mean === 0 ? 0 : deviation / mean
  return change < LEAST_CHANGE ? 0 : Math.min(1, change / (5 * LEAST_CHANGE))
}

/** Pearson's correlation of the first `count` of one with as many of the other from `lag` on; 0 where one is constant. */
const correlation = (sent: Float64Array, heard: Float64Array, lag: number, count: number): number => {
  const [a, b] = [spreadOf(sent, 0, count), spreadOf(heard, lag, count)]
  if (a.deviation <= 1e-9 * a.mean || b.deviation <= 1e-9 * b.mean) return 0
  let products = 0
  for (let index = 0; index < count; index += 1)
    products += ((sent[index] ?? 0) - a.mean) * (heard[lag + index] ?? 0)
  return products / count / (a.deviation * b.deviation)
}

/**
 * How what was heard correlates with what was sent, by lag, as the mean of the bands in which something changes. NaN for lags of
 * which too little has been heard yet. Undefined where what was sent is silent or never changes: nothing could be said.
 * `heard` begins `FIRST_LAG` cells from the first cell of `sent`.
 */
export const matchWindow = (sent: Envelope, heard: Envelope): Float64Array | undefined => {
  const loud = { sent: new Float64Array(sent.cells), heard: new Float64Array(heard.cells) }
  const scores = new Float64Array(LAGS)
  let weights = 0
  for (let band = 0; band < BANDS; band += 1) {
    writeLoudness(loud.sent, sent, band)
    const weight = changeOf(spreadOf(loud.sent, 0, sent.cells))
    if (weight === 0) continue
    weights += weight
    writeLoudness(loud.heard, heard, band)
    for (let lag = 0; lag < LAGS; lag += 1) {
      const count = Math.min(sent.cells, heard.cells - lag)
      const found = count < FEWEST_CELLS ? Number.NaN : correlation(loud.sent, loud.heard, lag, count)
      scores[lag] = (scores[lag] ?? 0) + weight * found
    }
  }
  if (weights === 0) return undefined
  return scores.map((score) => score / weights)
}
