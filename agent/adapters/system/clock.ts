import { epochMs, type MonoMs, monoMs } from '../../core/time.ts'
import type { Clock } from '../../ports/clock.ts'

/** setTimeout fires at once when asked for more. */
const LONGEST_TIMER_MS = 2_147_483_647

/** CLOCK_MONOTONIC, the same in every process of this machine, so that agent and playout can compare. */
const mono = (): MonoMs => monoMs(Number(process.hrtime.bigint()) / 1e6)

/** The clocks and timers of the operating system. */
export const createSystemClock = (): Clock => ({
  wall: () => epochMs(Date.now()),
  mono,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason)
        return
      }
      const until = mono() + ms
      let timer: NodeJS.Timeout
      const abort = (): void => {
        clearTimeout(timer)
        reject(signal.reason)
      }
      const tick = (): void => {
        const left = until - mono()
        if (left <= 0) {
          signal.removeEventListener('abort', abort)
          resolve()
          return
        }
        // A timer counts in whole milliseconds of its own and may fire a fraction early.
        timer = setTimeout(tick, Math.min(Math.ceil(left), LONGEST_TIMER_MS))
      }
      signal.addEventListener('abort', abort, { once: true })
      tick()
    }),
})
