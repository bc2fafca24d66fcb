import type { EpochMs } from '../time.ts'
import { untilNextTurn } from './phase.ts'

/** A bench: nobody is to be spread. */
const TOO_SHORT_MS = 10_000

/**
 * Says, asked every second or so, whether the turn of this device came since it was asked last: of many devices that wait
 * for the same thing each has another second of the interval.
 */
export const createTurn = (device: string, intervalMs: () => number): ((wall: EpochMs) => boolean) => {
  let before = Number.POSITIVE_INFINITY
  return (wall) => {
    const until = untilNextTurn(device, intervalMs(), wall)
    const came = until > before
    before = until
    return came || intervalMs() <= TOO_SHORT_MS
  }
}
