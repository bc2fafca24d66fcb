import { loadLibrary } from './koffi.ts'

const CLOCK_REALTIME = 0
const CLOCK_MONOTONIC = 1

/**
 * Says how far wall time is ahead of CLOCK_MONOTONIC, in milliseconds with fractions (below 0.01 ms of error).
 * It changes when the wall clock is set, which `performance.timeOrigin` does not follow.
 * @see clock_gettime(2); libc is taken from the process so that a preloaded clock is honoured
 */
export const openWallOffset = (): (() => number) => {
  const clockGettime = loadLibrary(null, 'libc is always there').declare(
    'int clock_gettime(int clock, void *timespec)',
  )
  const timespec = new Uint8Array(16)
  const view = new DataView(timespec.buffer)
  const read = (clock: number): number => {
    clockGettime(clock, timespec)
    return Number(view.getBigInt64(0, true)) * 1000 + Number(view.getBigInt64(8, true)) / 1e6
  }
  return () => {
    let best = Number.POSITIVE_INFINITY
    let offset = 0
    // The narrowest of three brackets: the scheduler may come in between two reads.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const before = read(CLOCK_MONOTONIC)
      const wall = read(CLOCK_REALTIME)
      const after = read(CLOCK_MONOTONIC)
      if (after - before < best) {
        best = after - before
        offset = wall - (before + after) / 2
      }
    }
    return offset
  }
}
