import { describe, expect, it } from 'vitest'
import { createSystemClock } from '../../../agent/adapters/system/clock.ts'

const clock = createSystemClock()
const never = new AbortController().signal

describe('the system clock', () => {
  it('tells wall time as Date does and monotonic time as every process of the machine does', () => {
    expect(Math.abs(clock.wall() - Date.now())).toBeLessThan(1000)
    const before = Number(process.hrtime.bigint()) / 1e6
    const at = clock.mono()
    expect(at).toBeGreaterThanOrEqual(before)
    expect(at).toBeLessThanOrEqual(Number(process.hrtime.bigint()) / 1e6)
  })

  it.each([0, 0.4, 3, 20.5])('never wakes before %s ms have passed', async (ms) => {
    const before = clock.mono()
    await clock.sleep(ms, never)
    expect(clock.mono() - before).toBeGreaterThanOrEqual(ms)
  })

  it('stops sleeping with the reason of the abort, at once if it came first', async () => {
    const controller = new AbortController()
    const reason = new Error('stopping')
    const asleep = clock.sleep(3_600_000, controller.signal)
    controller.abort(reason)
    await expect(asleep).rejects.toBe(reason)
    await expect(clock.sleep(0, controller.signal)).rejects.toBe(reason)
  })

  it('does not wake at once from a sleep longer than a timer can count', async () => {
    const controller = new AbortController()
    let woke = false
    const asleep = clock.sleep(2 ** 31, controller.signal).then(() => {
      woke = true
    })
    await clock.sleep(20, never)
    expect(woke).toBe(false)
    controller.abort(new Error('enough'))
    await expect(asleep).rejects.toThrow('enough')
  })
})
