import { setTimeout as wait } from 'node:timers/promises'
import { openWallOffset } from '../../../drivers/native/realtime.ts'

const SPIN_MS = 3
const offsetMs = openWallOffset()

/** Wall time in milliseconds with fractions, by the clock of the virtual sound card's log. */
export const wallNow = (): number => Number(process.hrtime.bigint()) / 1e6 + offsetMs()

export const sleepUntil = async (at: number): Promise<void> => {
  await wait(Math.max(0, at - wallNow()))
}

/** Sleeps, then spins for the last milliseconds: nobody shall pay for our timer. */
export const untilInstant = async (at: number): Promise<void> => {
  await sleepUntil(at - SPIN_MS)
  while (wallNow() < at);
}
