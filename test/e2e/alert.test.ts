import { describe, expect, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'

const LONG = 90_000

const iso = (at: number): string => new Date(at).toISOString()

const alerts = (rev: number, list: readonly unknown[]) => ({
  kind: 'alert',
  v: 1,
  area: '75',
  rev,
  iat: iso(Date.now()),
  alerts: list,
})

const flood = (more: Readonly<Record<string, unknown>> = {}) => ({
  id: 'lu',
  event: 'flood',
  severity: 'extreme',
  headline: { vi: 'LŨ KHẨN CẤP' },
  siren: { onSeconds: 3, offSeconds: 1, cycles: 1 },
  until: iso(Date.now() + 3_600_000),
  sign: { pages: [{ text: 'SƠ TÁN NGAY', mode: 'still', color: 'red', seconds: 3 }] },
  ...more,
})

describe.concurrent('an alert', () => {
  test(
    'cuts in at once, with its pages, and the news goes on where it stopped',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(6000)
      await observer.schedule(1, [itemAt('tin', at, { parts: [bench.serve(toneMp3(12), 12)] })])
      await agent.heard('on')
      await eventually('it has played for three seconds', () => Date.now() > at + 3000 || undefined)
      const sent = Date.now()
      await observer.document('75', 'alert', alerts(1, [flood()]))
      const loud = await eventually('the siren is heard', () =>
        agent.dac('loud').find(({ t }) => t * 1000 > sent),
      )
      // A bound that says "at once"; the figures are a matter of the bench.
      expect(loud.t * 1000 - sent).toBeLessThan(1000)
      await eventually(
        'its page is on the sign',
        () => agent.sign().some(({ text }) => text === 'SƠ TÁN NGAY') || undefined,
      )
      expect((await agent.status()).state).toBe('alert')
      expect(await observer.record('lu')).toMatchObject({
        document: '75/alert',
        class: 'emergency',
        tier: 'province',
        result: 'completed',
        volume: 100,
      })
      expect(await observer.record('tin')).toMatchObject({ result: 'completed', cuts: 1 })
      await observer.document('75', 'alert', alerts(2, []))
      await eventually('the sign is cleared', () => agent.sign().at(-1)?.text === '' || undefined)
    },
    LONG,
  )

  test(
    'is resumed by an agent that was killed while it sounded, without a broker',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      await observer.document(
        '75',
        'alert',
        alerts(1, [flood({ siren: { onSeconds: 6, offSeconds: 1, cycles: 1 } })]),
      )
      await agent.heard('on')
      await eventually('the agent knows of it', async () => (await agent.status()).playing)
      await bench.broker.kill('SIGKILL')
      const killed = Date.now()
      await agent.crash()
      await agent.start()
      const again = await eventually('it sounds again', () => agent.sounds.find(({ on }) => on > killed))
      expect(again.on - killed).toBeLessThan(5000)
      const { stdout } = await agent.loa('log', '--json')
      const results = (JSON.parse(stdout) as { record: { result?: string } }[]).map(
        ({ record }) => record.result,
      )
      expect(results.filter((result) => result !== undefined)).toEqual(['interrupted'])
    },
    LONG,
  )
})
