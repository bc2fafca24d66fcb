import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isExcluded } from '../../../agent/core/policy/outputs.ts'
import { isSignOnly, isTarget, itemsOf, tierOfArea, withFormer } from '../../../agent/core/schedule/item.ts'
import { plan } from '../../../agent/core/schedule/plan.ts'
import { at, device, hanoi, item, itemsFrom } from './items.ts'

test('what a publisher left out has the defaults of the contract', () => {
  expect(item()).toMatchObject({
    document: '75/26068/schedule',
    rev: 42,
    class: 'normal',
    tier: 'commune',
    language: 'vi',
    repeat: { times: 1, gapSeconds: 0 },
    volume: 70,
    order: 100,
    late: { policy: 'skip', withinSeconds: 60 },
    onPreempt: 'resume',
    amplifiers: undefined,
    expires: undefined,
  })
})

test('what a publisher said stays', () => {
  const said = {
    class: 'priority',
    tier: 'central',
    language: 'crw',
    volume: 0,
    order: 0,
    late: { policy: 'join', withinSeconds: 1 },
    onPreempt: 'drop',
    maxSeconds: 9,
    amplifiers: ['main'],
  } as const
  expect(item({ ...said, repeat: { times: 3 } }, { exp: '2026-12-01T00:00:00+07:00' })).toMatchObject({
    ...said,
    repeat: { times: 3, gapSeconds: 0 },
    expires: at('2026-11-30T17:00:00Z'),
  })
})

test.each([
  ['vn', 'central'],
  ['75', 'province'],
  ['75/26068', 'commune'],
])('an item of %s is of tier %s', (area, tier) => {
  expect(tierOfArea(area)).toBe(tier)
})

test('without targets everyone is meant; listed devices and members of listed groups are; empty lists mean nobody', () => {
  expect(isTarget(undefined, device)).toBe(true)
  expect(isTarget({ devices: ['d-1'] }, device)).toBe(true)
  expect(isTarget({ devices: ['d-2'], groups: ['cho-moi'] }, device)).toBe(true)
  expect(isTarget({ devices: ['d-2'], groups: ['ap-3'] }, device)).toBe(false)
  expect(isTarget({}, device)).toBe(false)
  expect(isTarget({ devices: [], groups: [] }, device)).toBe(false)
})

test('items for others are not the items of this device', () => {
  const when = { times: ['05:00:00'] }
  const ids = itemsFrom([
    { id: 'mine', when, targets: { groups: ['cho-moi'] } },
    { id: 'theirs', when, targets: { devices: ['d-2'] } },
  ]).map(({ id }) => id)
  expect(ids).toEqual(['mine'])
})

test('an item without parts is sign-only', () => {
  expect(isSignOnly(item())).toBe(false)
  expect(isSignOnly(item({ parts: [] }))).toBe(true)
})

test('the example schedule is understood whole', () => {
  const document = JSON.parse(readFileSync('test/fixtures/examples/schedule.json', 'utf8'))
  const ids = itemsOf(document, { ...device, groups: ['ap-3'] }).map(({ id }) => id)
  expect(ids).toHaveLength(6)
  expect(itemsOf(document, device).map(({ id }) => id)).not.toContain('tin-tieng-cho-ro')
})

describe('items of a former place', () => {
  const until = at('2026-12-01T00:00:00+07:00')
  const morning = { id: 'sang', when: { times: ['05:00:00'] }, parts: [{ sound: 'chime' as const }] }
  const both = (former: Parameters<typeof itemsFrom>[0], present = [morning]) =>
    withFormer(itemsFrom(present, { area: '77/26680' }), [{ items: itemsFrom(former), until }])

  test('are played beside those of the present one, until the overlap ends', () => {
    const items = both([{ ...morning, id: 'chieu', when: { times: ['17:00:00'] } }])
    expect(items.map(({ id, former }) => [id, former])).toEqual([
      ['sang', undefined],
      ['chieu', { until, twin: false }],
    ])
    const days = plan(items, hanoi, at('2026-11-30T12:00:00+07:00'), at('2026-12-02T12:00:00+07:00'))
    expect(
      days.map(({ item, planned }) => `${item.id} ${new Date(planned).toISOString().slice(0, 10)}`),
    ).toEqual(['chieu 2026-11-30', 'sang 2026-11-30', 'sang 2026-12-01'])
  })

  test('that the present place broadcasts at the same times are not heard twice; others of the same id are', () => {
    const twins = (item: object) => both([{ ...morning, ...item }])[1]?.former?.twin
    expect(twins({})).toBe(true)
    expect(twins({ title: 'Bản tin xã cũ' })).toBe(true)
    expect(twins({ when: { times: ['05:30:00'] } })).toBe(false)
    expect(twins({ parts: [{ sound: 'attention' }] })).toBe(false)
    expect(twins({ id: 'sang-2' })).toBe(false)
    const outputs = { amplifiers: ['main'], signs: [] }
    const excluded = both([morning]).map((each) => isExcluded(each, { normalFromProvince: 'play' }, outputs))
    expect(excluded).toEqual([false, true])
  })
})
