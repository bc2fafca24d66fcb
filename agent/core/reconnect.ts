import { phaseOf } from './health/phase.ts'

const FIRST_WINDOW_MS = 8000
const LONGEST_WINDOW_MS = 32_000
const FRACTIONS = 2 ** 32

/**
 * Milliseconds from `sinceLossMs` after the connection was lost to the next try of this device: more than 0 and at
 * most 32 s.
 *
 * A device tries once in each of ever longer windows (8, 16, then always 32 s), anywhere in them, at a place
 * that is its own. With a fresh draw for each wait those that wait would pile up behind the return of a broker
 * that was long away (the rest of a random wait is more often short than long): twice the average and more. With a
 * place that stays, each window brings every device once. While the windows grow the places are spread evenly in the
 * logarithm, so that none is empty wherever the return falls.
 * @see threat T18
 */
export function untilNextTry(deviceId: string, sinceLossMs: number): number {
  const place = phaseOf(deviceId, FRACTIONS) / FRACTIONS
  let start = 0
  for (let window = FIRST_WINDOW_MS; window < LONGEST_WINDOW_MS; window *= 2) {
    const at = start + window * (2 ** place - 1)
    if (at > sinceLossMs) return at - sinceLossMs
    start += window
  }
  const at = start + place * LONGEST_WINDOW_MS
  return at > sinceLossMs ? at - sinceLossMs : LONGEST_WINDOW_MS - ((sinceLossMs - at) % LONGEST_WINDOW_MS)
}
