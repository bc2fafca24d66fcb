import { describe, expect, test } from 'vitest'
import { Bench, inMs, itemAt } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'

const LONG = 90_000
const NOTICE = 'UBND xã mời bà con <b>họp</b> lúc 19:30, ngày 25/11.'
/** espeak-ng takes a breath before its first sound. */
const BREATH_MS = 300

type Next = { readonly item: string; readonly armed: boolean; readonly reason?: string }
const nextOf = (body: Readonly<Record<string, unknown>>): readonly Next[] => body['next'] as readonly Next[]

describe.concurrent('speech', () => {
  test(
    'a text is spoken ahead, armed before its second, and heard in it at the level of everything else',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(8000)
      await observer.schedule(1, [
        itemAt('moi-hop', at, { parts: [{ speech: { text: NOTICE, language: 'vi' } }] }),
      ])
      const reported = await observer.until('reported', 'armed', (body) => nextOf(body)[0]?.armed === true)
      expect(Date.now()).toBeLessThan(at)
      expect(nextOf(reported)[0]).toMatchObject({ item: 'moi-hop', armed: true })
      expect(reported['media'], 'files of the province only').toMatchObject({ wanted: 0, missing: [] })

      const on = await agent.heard('on')
      console.log(`speech: first sound ${(on - at).toFixed(1)} ms after its second`)
      expect(on - at).toBeGreaterThan(-20)
      expect(on - at).toBeLessThan(BREATH_MS)
      const record = await observer.record('moi-hop')
      expect(record).toMatchObject({ result: 'completed', underruns: 0, volume: 70 })
      expect(Math.abs(Number(record['startErrorMs']))).toBeLessThan(20)
      const seconds = Number(record['playedSeconds'])
      expect(seconds).toBeGreaterThan(5)
      expect(seconds).toBeLessThan(12)
      const loud = agent.dac('loud').map(({ t }) => t * 1000)
      expect(loud.some((when) => when >= at && when < at + 1000)).toBe(true)
    },
    LONG,
  )

  test(
    'what was spoken outlives a kill, repeats with its chime, and a text without words fails alone',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(16_000)
      const thanks = { speech: { text: 'Xin cảm ơn.', language: 'vi-VN-x-south' } }
      await observer.schedule(1, [
        itemAt('cam-on', at, { parts: [{ sound: 'chime' }, thanks], repeat: { times: 2, gapSeconds: 1 } }),
        itemAt('sao', at + 60_000, { parts: [{ sound: 'chime' }, { speech: { text: '***' } }] }),
      ])
      const reported = await observer.until(
        'reported',
        'one armed, the other found bad',
        (body) => nextOf(body)[0]?.armed === true && nextOf(body)[1]?.reason !== 'NO_MEDIA',
      )
      expect(nextOf(reported)[1]).toMatchObject({ item: 'sao', armed: false, reason: 'BAD_MEDIA' })
      const spoken = (): number => agent.output.split('a text was spoken').length - 1
      expect(spoken()).toBe(1)
      await agent.crash()
      await agent.start()
      await eventually('it is armed again', async () => (await agent.status()).next[0]?.armed === true)
      expect(await observer.record('cam-on', 40_000)).toMatchObject({ result: 'completed', underruns: 0 })
      expect(spoken(), 'times it was spoken').toBe(1)
    },
    LONG,
  )
})
