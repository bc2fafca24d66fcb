import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { ScheduleItem } from '../../../agent/core/documents.ts'
import { occurrenceId, plan, planExpired } from '../../../agent/core/schedule/plan.ts'
import { createZone, DAY_MS } from '../../../agent/core/schedule/zone.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { at, hanoi, iso, item, itemsFrom } from './items.ts'

const starts = (items: readonly ScheduleItem[], from: string, until: string) =>
  plan(itemsFrom(items), hanoi, at(from), at(until)).map(
    (occurrence) => `${occurrence.item.id} ${iso(occurrence.planned)}`,
  )

test('times, days, dates and exceptions are those of the local calendar', () => {
  const recurring: ScheduleItem = {
    id: 'xa',
    when: {
      times: ['17:00:00', '05:00:00'],
      days: ['mon', 'sat', 'sun'],
      from: '2026-11-21',
      until: '2026-11-28',
      except: ['2026-11-22'],
    },
  }
  expect(starts([recurring], '2026-11-01T00:00:00+07:00', '2026-12-31T00:00:00+07:00')).toEqual([
    'xa 2026-11-20T22:00:00.000Z',
    'xa 2026-11-21T10:00:00.000Z',
    'xa 2026-11-22T22:00:00.000Z',
    'xa 2026-11-23T10:00:00.000Z',
    'xa 2026-11-27T22:00:00.000Z',
    'xa 2026-11-28T10:00:00.000Z',
  ])
})

test('the span is inclusive at its start and exclusive at its end, for both kinds of time', () => {
  const items: readonly ScheduleItem[] = [
    { id: 'daily', when: { times: ['05:00:00'] } },
    { id: 'once', when: { at: '2026-11-23T05:00:00+07:00' } },
  ]
  const [first, second] = ['2026-11-23T05:00:00+07:00', '2026-11-24T05:00:00+07:00']
  expect(starts(items, first, second)).toEqual([
    'daily 2026-11-22T22:00:00.000Z',
    'once 2026-11-22T22:00:00.000Z',
  ])
  expect(starts(items, '2026-11-22T05:00:00.001+07:00', first)).toEqual([])
})

test('what is due at one second comes by rank', () => {
  const when = { times: ['05:00:00'] }
  const items: readonly ScheduleItem[] = [
    { id: 'b', when },
    { id: 'a', when },
    { id: 'early', when, order: 1 },
    { id: 'high', when, class: 'priority' },
  ]
  const order = starts(items, '2026-11-22T00:00:00+07:00', '2026-11-23T00:00:00+07:00').map(
    (s) => s.split(' ')[0],
  )
  expect(order).toEqual(['high', 'early', 'a', 'b'])
})

test('a schedule yields nothing at or after its expiry; what it would have yielded is known as expired', () => {
  const items = itemsFrom([{ id: 'x', when: { times: ['05:00:00'] } }], { exp: '2026-11-23T05:00:00+07:00' })
  const [from, until] = [at('2026-11-22T00:00:00+07:00'), at('2026-11-25T00:00:00+07:00')]
  expect(plan(items, hanoi, from, until).map(({ planned }) => iso(planned))).toEqual([
    '2026-11-21T22:00:00.000Z',
  ])
  expect(planExpired(items, hanoi, from, until).map(({ planned }) => iso(planned))).toEqual([
    '2026-11-22T22:00:00.000Z',
    '2026-11-23T22:00:00.000Z',
  ])
  expect(planExpired([item()], hanoi, from, until)).toEqual([])
})

test('two wall times in the gap of summer time are one occurrence', () => {
  const items = itemsFrom([{ id: 'x', when: { times: ['02:10:00', '02:30:00', '03:00:00', '03:01:00'] } }])
  const berlin = createZone('Europe/Berlin')
  const found = plan(items, berlin, at('2026-03-29T00:00:00+01:00'), at('2026-03-30T00:00:00+02:00'))
  expect(found.map(({ planned }) => iso(planned))).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-03-29T01:01:00.000Z',
  ])
})

test('an occurrence keeps its id across revisions', () => {
  const planned = at('2026-11-22T22:00:00Z')
  expect(occurrenceId(item({}, { rev: 1 }), planned)).toBe(occurrenceId(item({}, { rev: 2 }), planned))
  expect(occurrenceId(item(), planned)).not.toBe(occurrenceId(item({}, { area: '75' }), planned))
})

test('planning in pieces finds what planning at once finds', () => {
  const items = itemsFrom([
    { id: 'a', when: { times: ['00:00:00', '23:59:59'] } },
    { id: 'b', when: { times: ['02:30:00'], days: ['sun'] } },
    { id: 'c', when: { at: '2026-03-29T03:00:00+02:00' } },
  ])
  const zone = createZone('Europe/Berlin')
  const start = at('2026-03-25T00:00:00Z')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8 * DAY_MS }), (offset) => {
      const [middle, end] = [epochMs(start + offset), epochMs(start + 8 * DAY_MS)]
      const pieces = [...plan(items, zone, start, middle), ...plan(items, zone, middle, end)]
      expect(pieces).toEqual(plan(items, zone, start, end))
    }),
  )
})

test('planning 2,000 items over eight days asks for offsets once a day, not once an occurrence', () => {
  const asked = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts')
  const items = itemsFrom(
    Array.from({ length: 2000 }, (_, n) => ({ id: `i${n}`, when: { times: ['05:00:00', '17:00:00'] } })),
  )
  const zone = createZone('Asia/Ho_Chi_Minh')
  const found = plan(items, zone, at('2026-11-22T00:00:00+07:00'), at('2026-11-30T00:00:00+07:00'))
  expect(found).toHaveLength(2000 * 16)
  expect(asked.mock.calls.length).toBeLessThanOrEqual(2 * 12)
})
