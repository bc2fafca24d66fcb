import { describe, expect, test } from 'vitest'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { scheduleDocument } from '../rig/observer.ts'

const LONG = 60_000
const MESSAGE_LIMIT = 1_000_000

type Rejected = {
  readonly document: string
  readonly rev?: number
  readonly code: string
  readonly path?: string
}
const rejectedIn = (body: Readonly<Record<string, unknown>>): readonly Rejected[] =>
  body['rejected'] as Rejected[]
const revsIn = (body: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> =>
  body['revs'] as Record<string, number>

describe.concurrent('documents', () => {
  test(
    'a schedule with one bad item is refused whole with its path, an empty payload says nothing, and what was held plays',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const at = inMs(7000)
      const parts = [bench.serve(toneMp3(1), 1)]
      await observer.schedule(1, [itemAt('giu', at, { parts })])
      await observer.until('reported', 'revision 1', (body) => revsIn(body)['75/26068/schedule'] === 1)

      const bad = { id: 'hong', when: { times: ['25:00'] }, parts }
      await observer.schedule(2, [itemAt('moi', at + 2000, { parts }), bad])
      const reported = await observer.until('reported', 'refused', (body) => rejectedIn(body).length > 0)
      expect(rejectedIn(reported)).toMatchObject([
        { document: '75/26068/schedule', rev: 2, code: 'INVALID', path: 'items.1.when.times.0' },
      ])
      expect(revsIn(reported)).toEqual({ '75/26068/schedule': 1 })
      const refusal = await observer.event('INVALID')
      expect(refusal['data']).toMatchObject({ document: '75/26068/schedule', path: 'items.1.when.times.0' })

      await observer.document('75/26068', 'schedule', '')
      expect(await observer.record('giu')).toMatchObject({ result: 'completed', rev: 1 })
      await eventually('the second of the refused item is over', () => Date.now() > at + 4000 || undefined)
      expect(agent.dac('on')).toHaveLength(1)
      expect(observer.playbackOf('moi')).toEqual([])
      expect(revsIn(observer.latest('reported') ?? {})).toEqual({ '75/26068/schedule': 1 })
    },
    LONG,
  )

  test.each([5, 4] as const)(
    'a message far too large is refused, and the rest of the topics go on, protocol %i',
    async (protocol) => {
      await using bench = await Bench.running({ protocol })
      const { agent, observer } = bench
      const births = observer.of('state').length
      const padding = 'x'.repeat(1_200_000)
      await observer.document('75', 'schedule', { ...scheduleDocument(1, []), area: '75', padding })
      const refusal = await observer.event('TOO_LARGE', 30_000)
      expect(refusal['data']).toMatchObject({ document: '75/schedule' })
      await eventually('connected again', async () => (await agent.status()).broker.connected, 30_000)
      await observer.until('state', 'born again', () => observer.of('state').length > births, 30_000)

      await observer.document('vn', 'schedule', { ...scheduleDocument(3, []), area: 'vn' })
      await observer.schedule(4, [])
      const reported = await observer.until(
        'reported',
        'the other topics',
        (body) => revsIn(body)['vn/schedule'] === 3 && revsIn(body)['75/26068/schedule'] === 4,
      )
      expect(rejectedIn(reported)).toMatchObject([{ document: '75/schedule', code: 'TOO_LARGE' }])
      expect((await agent.status()).broker.connected).toBe(true)
    },
    LONG,
  )

  test(
    'a message just over the limit is refused without losing the connection',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const { since } = (await agent.status()).broker
      const document = JSON.stringify(scheduleDocument(1, []))
      await observer.document(
        '75/26068',
        'schedule',
        document + ' '.repeat(MESSAGE_LIMIT + 1 - document.length),
      )
      expect((await observer.event('TOO_LARGE'))['data']).toMatchObject({ document: '75/26068/schedule' })
      await observer.document('75/26068', 'schedule', document + ' '.repeat(MESSAGE_LIMIT - document.length))
      await observer.until('reported', 'revision 1', (body) => revsIn(body)['75/26068/schedule'] === 1)
      expect((await agent.status()).broker.since).toBe(since)
    },
    LONG,
  )
})
