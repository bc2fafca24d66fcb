import type { Reading } from './gauges.ts'

export type Growth = {
  /** Bytes; handles as a count. */
  readonly heap: number
  readonly rss: number
  readonly handles: number
  readonly stateDb: number
  readonly mediaDb: number
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** From a fifth of the readings after `warmDays` to the last fifth of them, each by its median: one reading is noise. */
export const growthOf = (readings: readonly Reading[], warmDays: number): Growth => {
  const warm = readings.filter(({ day }) => day >= warmDays)
  const few = Math.max(1, Math.ceil(warm.length / 5))
  const grown = (field: Exclude<keyof Reading, 'day'>): number =>
    median(warm.slice(-few).map((reading) => reading[field])) -
    median(warm.slice(0, few).map((reading) => reading[field]))
  return {
    heap: grown('heap'),
    rss: grown('rss'),
    handles: grown('handles'),
    stateDb: grown('stateDb'),
    mediaDb: grown('mediaDb'),
  }
}
