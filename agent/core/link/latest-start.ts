import type { EpochMs } from '../time.ts'

export type Download = { readonly id: string; readonly bytes: number; readonly neededAt: EpochMs }

/** What even a bad mobile link gives: 256 kbit/s. */
const BYTES_A_MS = 32
/** To connect, to try again, and to decode once. */
const EACH_MS = 60_000
/** Everything is here so long before it is due: checking waits while something sounds, and servers fail. */
export const SPARE_MS = 2 * 3_600_000

const durationMs = (bytes: number): number => EACH_MS + bytes / BYTES_A_MS

/**
 * When each of these, fetched one after another in this order, must be begun at the latest for every one of them to be
 * here `SPARE_MS` before it is needed, on a slow link.
 */
export const latestStarts = (downloads: readonly Download[]): ReadonlyMap<string, number> => {
  const starts = new Map<string, number>()
  let next = Number.POSITIVE_INFINITY
  for (const { id, bytes, neededAt } of downloads.toReversed()) {
    next = Math.min(neededAt - SPARE_MS, next) - durationMs(bytes)
    starts.set(id, next)
  }
  return starts
}
