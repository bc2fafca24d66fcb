import { LAGS } from './match.ts'

/** Windows are dealt out to so many groups: the lag of each is taken from what the others found. */
export const GROUPS = 8
const FEWEST_SECONDS = 2
/** A second of two programmes that have nothing in common seldom correlates better than this: nothing was heard. */
const NOTHING = 0.4
/** What is left of a perfect correlation in a room and beside a noise as strong as the programme: all was heard. */
const ALL = 0.75

/** How much of a window was heard that correlates so. */
const shareOf = (correlation: number): number =>
  Math.max(0, Math.min(1, (correlation - NOTHING) / (ALL - NOTHING)))

/** Of one group of windows, by lag: correlations, what was heard by them, and their weights in seconds. */
export type Tally = {
  readonly found: Float64Array
  readonly heard: Float64Array
  readonly seconds: Float64Array
}

/** How much of what was sent was heard, from 0 to 1 with two decimals, and over how many seconds that was judged. */
export type Heard = { readonly score: number; readonly seconds: number }

export const newTallies = (): readonly Tally[] =>
  Array.from({ length: GROUPS }, () => ({
    found: new Float64Array(LAGS),
    heard: new Float64Array(LAGS),
    seconds: new Float64Array(LAGS),
  }))

/** Adds the correlations of a window to its group. */
export const note = ({ found, heard, seconds }: Tally, window: Float64Array, weight: number): void => {
  for (let lag = 0; lag < LAGS; lag += 1) {
    const value = window[lag] ?? Number.NaN
    if (Number.isNaN(value)) continue
    found[lag] = (found[lag] ?? 0) + weight * value
    heard[lag] = (heard[lag] ?? 0) + weight * shareOf(value)
    seconds[lag] = (seconds[lag] ?? 0) + weight
  }
}

const sumAt = (tallies: readonly Tally[], which: keyof Tally, lag: number): number =>
  tallies.reduce((sum, tally) => sum + (tally[which][lag] ?? 0), 0)

/** The lag at which these match best. */
const bestLag = (tallies: readonly Tally[]): number | undefined => {
  let best: { readonly lag: number; readonly mean: number } | undefined
  for (let lag = 0; lag < LAGS; lag += 1) {
    const seconds = sumAt(tallies, 'seconds', lag)
    const mean = sumAt(tallies, 'found', lag) / seconds
    if (seconds > 0 && (best === undefined || mean > best.mean)) best = { lag, mean }
  }
  return best?.lag
}

/**
 * What all windows come to; undefined when too little could be judged. Each group is judged at the lag that the other
 * groups agree on, for the best of many lags is good by chance alone.
 */
export const verdictOf = (tallies: readonly Tally[]): Heard | undefined => {
  let [heard, seconds] = [0, 0]
  for (const tally of tallies) {
    const lag = bestLag(tallies.filter((other) => other !== tally))
    if (lag === undefined) continue
    heard += tally.heard[lag] ?? 0
    seconds += tally.seconds[lag] ?? 0
  }
  if (seconds < FEWEST_SECONDS) return undefined
  return { score: Math.round((100 * heard) / seconds) / 100, seconds: Math.round(10 * seconds) / 10 }
}
