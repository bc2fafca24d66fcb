import { describe, expect, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { chainFaults } from '../rig/observer.ts'

const LONG = 120_000
/** An agent that found no broker for a while waits up to a minute before it looks again. */
const RECONNECTED_WITHIN_MS = 75_000

describe.concurrent.each([5, 4] as const)('without a broker, protocol %i', (protocol) => {
  test(
    'a restarted agent plays what it has cached, and its records arrive later, once each, in order',
    async () => {
      await using bench = await Bench.running({ protocol })
      const { agent, observer, broker } = bench
      const at = inMs(10_000)
      const items = [0, 3000].map((later, index) =>
        itemAt(`tin-${index}`, at + later, { parts: [bench.serve(toneMp3(1), 1)] }),
      )
      await observer.schedule(1, items)
      await observer.until('reported', 'armed', (body) =>
        (body['next'] as { armed: boolean }[]).some(({ armed }) => armed),
      )
      const held = observer.records.at(-1)
      if (held === undefined) throw new Error('no records')
      await observer.acknowledge(held)
      await eventually('acknowledged', async () => (await agent.status()).outbox === 0)
      const before = observer.deliveries.length

      await broker.kill()
      await agent.crash()
      await agent.start()
      expect(Math.abs((await agent.heard('on')) - at)).toBeLessThan(20)
      expect(Math.abs((await agent.heard('on', 1)) - at - 3000)).toBeLessThan(20)
      await eventually('both are recorded', async () => {
        const { playing, outbox } = await agent.status()
        return playing === undefined && outbox >= 3
      })

      await broker.restart()
      await eventually('all has arrived', () => observer.playbackOf('tin-1')[0], RECONNECTED_WITHIN_MS)
      const later = observer.deliveries.slice(before)
      expect(observer.playbackOf('tin-0')).toMatchObject([{ result: 'completed' }])
      expect(observer.playbackOf('tin-1')).toMatchObject([{ result: 'completed' }])
      const numbers = later.map(({ n }) => n)
      expect(new Set(numbers).size).toBe(numbers.length)
      for (const topic of ['playback', 'event']) {
        const inOrder = later.filter((record) => record.topic === topic).map(({ n }) => n)
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
      }
      expect(chainFaults(observer.records)).toEqual([])
    },
    LONG,
  )
})
