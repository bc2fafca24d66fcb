import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareRank, type Rank } from '../../../agent/core/schedule/rank.ts'
import { epochMs } from '../../../agent/core/time.ts'

const base: Rank = {
  class: 'normal',
  order: 100,
  planned: epochMs(1000),
  area: '75',
  document: '75/schedule',
  id: 'm',
}
const wins = (winner: Partial<Rank>, loser: Partial<Rank>) =>
  compareRank({ ...base, ...winner }, { ...base, ...loser }) < 0

test('each clause decides before those after it', () => {
  expect(wins({ class: 'emergency', order: 200 }, { class: 'priority', order: 1 })).toBe(true)
  expect(wins({ class: 'priority', order: 200 }, { class: 'normal', order: 1 })).toBe(true)
  expect(wins({ order: 1, planned: epochMs(2000) }, { order: 2 })).toBe(true)
  expect(wins({ planned: epochMs(500), area: 'vn' }, { area: '75/26068' })).toBe(true)
  expect(wins({ area: '75/26068', id: 'z' }, { area: '75', id: 'a' })).toBe(true)
  expect(wins({ area: '75', id: 'z' }, { area: 'vn', id: 'a' })).toBe(true)
  expect(wins({ id: 'a' }, { id: 'b' })).toBe(true)
  expect(wins({ document: '75/schedule' }, { document: '76/schedule' })).toBe(true)
})

test('at the same distance the place where the device stands goes before one where it stood', () => {
  const former = { area: '77/26680', former: {} }
  expect(wins({ area: '75/26068', id: 'z' }, { ...former, id: 'a' })).toBe(true)
  expect(wins({ ...former, id: 'z' }, { area: '75', id: 'a' })).toBe(true)
  expect(wins({ area: '75', id: 'z' }, { area: '77', former: {}, id: 'a' })).toBe(true)
  expect(wins({ area: '77', former: {}, id: 'z' }, { area: 'vn', id: 'a' })).toBe(true)
})

const rank: fc.Arbitrary<Rank> = fc.record({
  class: fc.constantFrom('normal', 'priority', 'emergency'),
  order: fc.integer({ min: 0, max: 3 }),
  planned: fc.integer({ min: 0, max: 3 }).map(epochMs),
  area: fc.constantFrom('vn', '75', '75/26068'),
  document: fc.constantFrom('vn/schedule', '75/schedule'),
  id: fc.constantFrom('a', 'b', 'c'),
})

test('the order is total: antisymmetric, transitive, and equal only for the same occurrence', () => {
  fc.assert(
    fc.property(rank, rank, rank, (a, b, c) => {
      expect(Math.sign(compareRank(a, b)) + Math.sign(compareRank(b, a))).toBe(0)
      if (compareRank(a, b) <= 0 && compareRank(b, c) <= 0) expect(compareRank(a, c)).toBeLessThanOrEqual(0)
      if (compareRank(a, b) === 0) expect(a).toEqual(b)
    }),
  )
})
