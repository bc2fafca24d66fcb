import { describe, expect, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { chainFaults } from '../rig/observer.ts'

const LONG = 60_000
/** Loose: a virtual card on a busy machine. The figure is printed. */
const START_WITHIN_MS = 20

describe.concurrent.each([5, 4] as const)('over MQTT protocol %i', (protocol) => {
  test(
    'a schedule published eight seconds ahead is heard at its second, with relay, sign, record and acknowledgement',
    async () => {
      await using bench = await Bench.running({ protocol, config: { heartbeat: { intervalSeconds: 10 } } })
      const { agent, observer } = bench
      const at = inMs(8000)
      const pages = [{ text: 'Họp thôn 19:30', mode: 'still', color: 'amber', seconds: 10 }]
      await observer.schedule(1, [
        itemAt('tin-xa', at, { parts: [bench.serve(toneMp3(3), 3)], sign: { signs: ['gate'], pages } }),
      ])

      const on = await agent.heard('on')
      const error = on - at
      console.log(`protocol ${protocol}: sound ${error.toFixed(2)} ms after its second`)
      expect(Math.abs(error)).toBeLessThan(START_WITHIN_MS)
      const off = await agent.heard('off')
      expect(off - on).toBeGreaterThan(2900)
      expect(off - on).toBeLessThan(3100)
      expect(await agent.relayed(true)).toBeLessThan(on)
      expect(await agent.relayed(false)).toBeGreaterThan(off)

      const record = await observer.record('tin-xa')
      expect(record).toMatchObject({
        document: '75/26068/schedule',
        rev: 1,
        class: 'normal',
        tier: 'commune',
        planned: new Date(at).toISOString(),
        result: 'completed',
        underruns: 0,
        volume: 70,
      })
      expect(record['playedSeconds']).toBeCloseTo(3, 1)
      expect(Math.abs(Number(record['startErrorMs']))).toBeLessThan(START_WITHIN_MS)
      expect(record['reason']).toBeUndefined()
      expect(chainFaults(observer.records)).toEqual([])
      const texts = agent.sign().map(({ text }) => text)
      expect(texts).toContain('Họp thôn 19:30')
      await eventually('the sign is cleared', () => agent.sign().at(-1)?.text === '')

      const last = observer.records.at(-1)
      if (last === undefined) throw new Error('no records')
      await observer.acknowledge(last)
      await eventually('the outbox is empty', async () => (await agent.status()).outbox === 0)
      await observer.until('heartbeat', 'an empty outbox', (body) => body['outbox'] === 0)

      const before = observer.deliveries.length
      const births = observer.of('state').length
      await bench.broker.restart()
      await observer.until('state', 'born again', () => observer.of('state').length > births)
      await observer.until('heartbeat', 'still nothing to send', (body) => body['outbox'] === 0)
      expect(observer.deliveries.length).toBe(before)
    },
    LONG,
  )
})
