import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Download, latestStarts, SPARE_MS } from '../../../agent/core/link/latest-start.ts'
import { epochMs } from '../../../agent/core/time.ts'

const HOUR_MS = 3_600_000
const BYTES_A_SECOND = 32_000
const file = (id: string, bytes: number, neededAtHours: number): Download => ({
  id,
  bytes,
  neededAt: epochMs(neededAtHours * HOUR_MS),
})

test('a file of ten minutes at 128 kbit/s waits until some two hours before it is due', () => {
  const [start = 0] = latestStarts([file('a', 9_792_000, 24)]).values()
  expect(24 * HOUR_MS - start - SPARE_MS).toBeCloseTo(60_000 + (1000 * 9_792_000) / BYTES_A_SECOND)
})

test('those that are needed together begin one after another', () => {
  const starts = latestStarts([file('a', 0, 24), file('b', 0, 24), file('c', 0, 30)])
  expect([...starts]).toEqual([
    ['c', 30 * HOUR_MS - SPARE_MS - 60_000],
    ['b', 24 * HOUR_MS - SPARE_MS - 60_000],
    ['a', 24 * HOUR_MS - SPARE_MS - 120_000],
  ])
})

test('whatever is needed when: begun at their latest starts, one after another on a slow link, all are here in time', () => {
  const downloads = fc.array(
    fc.tuple(fc.nat({ max: 200_000_000 }), fc.nat({ max: 96 })).map(([bytes, hours]) => ({ bytes, hours })),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(downloads, (drawn) => {
      const files = drawn.map(({ bytes, hours }, index) => file(`f${index}`, bytes, hours))
      const starts = latestStarts(files)
      let now = Number.NEGATIVE_INFINITY
      for (const { id, bytes, neededAt } of files) {
        // Whoever is done earlier begins the next one when its own time comes, not before.
        now = Math.max(now, starts.get(id) ?? Number.NaN) + 60_000 + (1000 * bytes) / BYTES_A_SECOND
        expect(now).toBeLessThanOrEqual(neededAt - SPARE_MS + 1)
      }
    }),
  )
})
