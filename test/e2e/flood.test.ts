import { describe, expect, test } from 'vitest'
import { eventually } from '../rig/eventually.ts'
import { FloodBench } from '../rig/flood.ts'

const LONG = 90_000
const MIB = 1024 * 1024
/** What the agent may grow by, whatever comes: its heaps are bounded, and no message is taken in that is too large. */
const GROWTH_MB = 60

/** Small enough for every run of the tests; the whole of it is the bench `flood`. */
describe('T11 a thief who floods the broker', () => {
  test(
    'with thousands of messages, a giant one and deep JSON does not make the agent grow, nor miss what follows',
    async () => {
      await using flood = await FloodBench.open()
      const memory = await flood.memory(async () => {
        await flood.rubbish(5000)
        await flood.handled(30_000)
        await flood.deep(20)
        await flood.giant(100 * MIB)
        await flood.handled(60_000)
      })
      expect(memory.most - memory.before).toBeLessThan(GROWTH_MB)
      expect(flood.bench.agent.output.match(/document refused/g)?.length).toBeLessThan(5)
      const { rejected } = await flood.bench.agent.status()
      expect(rejected.map(({ code }) => code).toSorted()).toEqual([
        'BAD_SIGNATURE',
        'BAD_SIGNATURE',
        'TOO_LARGE',
      ])
    },
    LONG,
  )

  test(
    'with 200 forged alerts a second does not keep a true one from sounding at once, and fills no outbox',
    async () => {
      await using flood = await FloodBench.open()
      const over = new AbortController()
      const forging = flood.forgeries(200, over.signal)
      try {
        // A bound that says "at once"; the figures are a matter of the bench.
        for (const latency of await flood.alerts(3)) expect(latency).toBeLessThan(1000)
      } finally {
        over.abort()
      }
      const sent = await forging
      expect(sent).toBeGreaterThan(500)
      const { agent, observer } = flood.bench
      const refused = await observer.event('BAD_SIGNATURE')
      expect(refused).toMatchObject({ data: { document: '75/26068/alert', count: 1 } })
      await eventually('nothing of the forger sounded', () => agent.sounds.length === 3 || undefined)
      expect((await agent.status()).outbox).toBeLessThan(20)
    },
    LONG,
  )
})
