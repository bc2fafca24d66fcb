import { describe, expect, test } from 'vitest'
import type { LatePolicy, OnPreempt, ProgrammeClass } from '../../../agent/core/documents.ts'
import { contention } from '../../../agent/core/schedule/contention.ts'
import type { Item } from '../../../agent/core/schedule/item.ts'
import { type Occurrence, occurrenceId } from '../../../agent/core/schedule/plan.ts'
import { epochMs } from '../../../agent/core/time.ts'

type Over = {
  class?: ProgrammeClass
  late?: LatePolicy
  onPreempt?: OnPreempt
  order?: number
  area?: string
}

const START = Date.parse('2026-11-22T22:00:00Z')
/** A minute of silence from so many seconds after the start. */
const occurrence = (id: string, afterSeconds: number, over: Over = {}): Occurrence => {
  const item = {
    id,
    document: '75/26068/schedule',
    area: '75/26068',
    class: 'normal',
    order: 100,
    parts: [{ pause: 60 }],
    repeat: { times: 1, gapSeconds: 0 },
    maxSeconds: undefined,
    late: { policy: 'play', withinSeconds: 60 },
    onPreempt: 'resume',
    ...over,
  }
  return { item: item as unknown as Item, planned: epochMs(START + afterSeconds * 1000) }
}

const outcomes = (...occurrences: readonly Occurrence[]) => {
  const found = contention(occurrences, () => 0)
  return occurrences.map(({ item, planned }) => {
    const outcome = found.get(occurrenceId(item, planned))
    return outcome === undefined
      ? undefined
      : `${outcome.outcome} ${(Date.parse(outcome.at) - START) / 1000} ${outcome.with}`
  })
}

describe('of two that overlap', () => {
  test('the later one of no higher class waits for the end of the first', () =>
    expect(outcomes(occurrence('a', 0), occurrence('b', 30))).toEqual(['first 0 b', 'waits 60 a']))
  test('it is missed where its window is over by then', () =>
    expect(
      outcomes(occurrence('a', 0), occurrence('b', 30, { late: { policy: 'skip', withinSeconds: 20 } })),
    ).toEqual(['first 0 b', 'missed 60 a']))
  test('it is joined where it would be, or missed when it would be over', () => {
    const late = { policy: 'join', withinSeconds: 600 } as const
    expect(outcomes(occurrence('a', 0), occurrence('b', 30, { late }))).toEqual(['first 0 b', 'joins 60 a'])
    expect(outcomes(occurrence('a', 0), occurrence('b', 0, { late }))).toEqual(['first 0 b', 'missed 60 a'])
  })
  test.each([
    ['resume', 'resumed'],
    ['restart', 'restarted'],
    ['drop', 'dropped'],
  ] as const)('a later one of a higher class cuts the first, which by %s is %s', (onPreempt, then) =>
    expect(outcomes(occurrence('a', 0, { onPreempt }), occurrence('b', 30, { class: 'priority' }))).toEqual([
      `${then} 30 b`,
      'first 30 a',
    ]),
  )
  test('a lower order does not cut what sounds already', () =>
    expect(outcomes(occurrence('a', 0), occurrence('b', 30, { order: 1 }))).toEqual([
      'first 0 b',
      'waits 60 a',
    ]))
  test('at the same second the higher rank goes first', () =>
    expect(outcomes(occurrence('a', 0), occurrence('b', 0, { order: 1 }))).toEqual([
      'waits 60 b',
      'first 0 a',
    ]))
})

test('those that do not overlap have none', () =>
  expect(outcomes(occurrence('a', 0), occurrence('b', 60))).toEqual([undefined, undefined]))

test('of several conflicts the costliest is told', () =>
  expect(
    outcomes(
      occurrence('a', 0, { onPreempt: 'drop' }),
      occurrence('b', 20),
      occurrence('c', 30, { class: 'priority' }),
    )[0],
  ).toBe('dropped 30 c'))
