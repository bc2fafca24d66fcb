import { expect, test } from 'vitest'
import { epochMs, monoMs } from '../../../agent/core/time.ts'
import type { Clock } from '../../../agent/ports/clock.ts'
import { ContactWatch } from '../../../agent/services/contact-watch.ts'

/** Time that passes with every look at it, as on a machine with too much to do, and in no wait but its own. */
class SlowClock implements Clock {
  #now = 0
  readonly #lookMs: number

  constructor(lookMs: number) {
    this.#lookMs = lookMs
  }

  wall() {
    return epochMs(this.#now)
  }

  mono() {
    this.#now += this.#lookMs
    return monoMs(this.#now)
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await Promise.resolve()
    signal.throwIfAborted()
    this.#now += ms
  }
}

test.each([1, 7, 10, 15, 20, 24, 30, 49, 70])(
  'a contact that comes to count between two looks of %i ms is told of then, not a minute later',
  async (lookMs) => {
    const clock = new SlowClock(lookMs)
    const stop = new AbortController()
    let told = Number.NaN
    const wired = { driver: 'virtual', level: '/run/alarm' } as const
    const watch = new ContactWatch({
      clock,
      inputs: [{ id: 'alarm', role: 'emergency', debounceMs: 50, ...wired }],
      onReading: ({ active }) => {
        if (active !== true) return
        told = clock.wall()
        stop.abort()
      },
    })
    const running = watch.run(stop.signal)
    const closed = clock.wall()
    watch.handlers.onLevel('alarm', true)
    await running
    expect(told - closed).toBeLessThan(50 + 6 * lookMs)
  },
)
