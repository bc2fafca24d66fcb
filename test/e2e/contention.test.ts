import { describe, expect, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'

const LONG = 60_000

describe.concurrent('two items want the loudspeaker', () => {
  test(
    'a priority item cuts a normal one at its second, and the normal one goes on where it was',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(6000)
      await observer.schedule(1, [
        itemAt('thuong', at, { parts: [bench.serve(toneMp3(8), 8)] }),
        // A pause first, so that the seam can be heard on the card.
        itemAt('uu-tien', at + 3000, {
          class: 'priority',
          parts: [{ pause: 1 }, bench.serve(toneMp3(2), 2), { pause: 1 }],
        }),
      ])
      const ordinary = await observer.record('thuong')
      const urgent = await observer.record('uu-tien')
      const [ons, offs] = (['on', 'off'] as const).map((ev) => agent.dac(ev).map(({ t }) => t * 1000 - at))
      expect(ons).toHaveLength(3)
      const near = (value: number | undefined, expected: number) =>
        expect(Math.abs(Number(value) - expected), `${value} for ${expected}`).toBeLessThan(60)
      near(ons?.[0], 0)
      near(offs?.[0], 3000)
      near(ons?.[1], 4000)
      near(offs?.[1], 6000)
      // Back as soon as the cutter has ended, from where it was cut.
      expect(ons?.[2]).toBeGreaterThan(6990)
      expect(ons?.[2]).toBeLessThan(9000)
      near(Number(offs?.[2]) - Number(ons?.[2]), 5000)
      expect(urgent).toMatchObject({ result: 'completed', class: 'priority' })
      expect(Math.abs(Number(urgent['startErrorMs']))).toBeLessThan(20)
      expect(ordinary).toMatchObject({ result: 'completed', cuts: 1 })
      expect(Number(ordinary['playedSeconds'])).toBeCloseTo(8, 0)
      // One broadcast for the neighbours: the relay stays closed throughout.
      expect(agent.relay().filter(({ on }) => on)).toHaveLength(1)
    },
    LONG,
  )

  test(
    'of equals the later one waits for the end of the first, and one that is dropped when cut is preempted',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(6000)
      const short = [bench.serve(toneMp3(2), 2)]
      await observer.schedule(1, [
        itemAt('mot', at, { parts: [bench.serve(toneMp3(3), 3)] }),
        itemAt('hai', at + 1000, { parts: [{ pause: 1 }, ...short, { pause: 1 }], onPreempt: 'drop' }),
        itemAt('ba', at + 5000, { parts: [{ pause: 1 }, ...short], class: 'priority' }),
      ])
      expect(await observer.record('mot')).toMatchObject({ result: 'completed' })
      expect(await observer.record('hai')).toMatchObject({ result: 'preempted', reason: 'PREEMPTED' })
      expect(await observer.record('ba')).toMatchObject({ result: 'completed' })
      const ons = agent.dac('on').map(({ t }) => t * 1000 - at)
      expect(ons).toHaveLength(3)
      expect(Math.abs(Number(ons[1]) - 4000)).toBeLessThan(200)
      expect(Math.abs(Number(ons[2]) - 6000)).toBeLessThan(60)
    },
    LONG,
  )
})
