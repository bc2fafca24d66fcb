import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../fakes/manual-clock.ts'

const never = new AbortController().signal

describe('ManualClock', () => {
  it('wakes sleepers in order, each at its own moment, chained sleeps included', async () => {
    const clock = new ManualClock()
    const start = clock.mono()
    const woken: [string, number][] = []
    const chain = async (name: string, naps: readonly number[]): Promise<void> => {
      for (const nap of naps) {
        await clock.sleep(nap, never)
        woken.push([name, clock.mono() - start])
      }
    }
    const both = Promise.all([chain('a', [100, 100, 100]), chain('b', [150])])
    await clock.advance(250)
    expect(woken).toEqual([
      ['a', 100],
      ['b', 150],
      ['a', 200],
    ])
    expect(clock.sleeping).toBe(1)
    await clock.advance(50)
    await both
  })

  it('steps the wall clock without waking anybody', async () => {
    const clock = new ManualClock()
    const wall = clock.wall()
    const mono = clock.mono()
    const nap = clock.sleep(1000, never)
    clock.step(3_600_000)
    expect([clock.wall() - wall, clock.mono() - mono, clock.sleeping]).toEqual([3_600_000, 0, 1])
    await clock.advance(1000)
    await nap
  })

  it('rejects with the reason of the signal, before and during a sleep', async () => {
    const clock = new ManualClock()
    const controller = new AbortController()
    const nap = clock.sleep(1000, controller.signal)
    controller.abort(new Error('enough'))
    await expect(nap).rejects.toThrow('enough')
    await expect(clock.sleep(1, controller.signal)).rejects.toThrow('enough')
    expect(clock.sleeping).toBe(0)
  })
})
