import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jittered } from '../../agent/core/back-off.ts'

const backOff = { baseMs: 1000, maxMs: 60_000 }

test('the ceiling doubles with every attempt up to the longest wait', () => {
  expect([0, 1, 5, 6, 50, 5000].map((attempt) => jittered(backOff, attempt, () => 0))).toEqual([
    1000, 2000, 32_000, 60_000, 60_000, 60_000,
  ])
})

test('a jittered wait is never under four fifths of its ceiling and never over it', () => {
  fc.assert(
    fc.property(
      fc.nat(40),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, random) => {
        const ceiling = Math.min(60_000, 1000 * 2 ** attempt)
        const wait = jittered(backOff, attempt, () => random)
        expect(wait).toBeGreaterThanOrEqual(ceiling * 0.8)
        expect(wait).toBeLessThanOrEqual(ceiling)
      },
    ),
  )
})
