import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inMonth, type Months, monthAt } from '../../../agent/core/link/billing.ts'
import { createZone } from '../../../agent/core/schedule/zone.ts'
import { epochMs } from '../../../agent/core/time.ts'

const zone = createZone('Asia/Ho_Chi_Minh')
const local = (text: string) => epochMs(Date.parse(`${text}+07:00`))

test.each([
  ['2026-11-04T23:59:59', 5, '2026-10-05'],
  ['2026-11-05T00:00:00', 5, '2026-11-05'],
  ['2026-11-30T12:00:00', 31, '2026-11-30'],
  ['2026-11-29T12:00:00', 31, '2026-10-31'],
  ['2027-03-01T00:00:00', 31, '2027-02-28'],
  ['2027-01-10T00:00:00', 15, '2026-12-15'],
  ['2028-02-29T00:00:00', 30, '2028-02-29'],
  ['2026-11-01T00:00:00', 1, '2026-11-01'],
])('at %s a month that begins on day %i began on %s', (at, billingDay, from) => {
  expect(monthAt(zone, local(at), billingDay)).toBe(from)
})

test('months follow one another without a hole: each day belongs to the one that began last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 0, max: 20_000 }), (billingDay, day) => {
      const at = (offset: number) => epochMs(Date.UTC(2020, 0, 1 + day + offset, 5))
      const [today, tomorrow] = [monthAt(zone, at(0), billingDay), monthAt(zone, at(1), billingDay)]
      const date = new Date(at(1) + 7 * 3_600_000).toISOString().slice(0, 10)
      expect([today, date]).toContain(tomorrow)
    }),
  )
})

test('a new month counts from nothing, and the one before is known for a clock that is set back', () => {
  const november: Months = { from: '2026-11-05', bytes: 900 }
  const december = inMonth(november, '2026-12-05')
  expect(december).toEqual({ from: '2026-12-05', bytes: 0, before: november })
  expect(inMonth({ ...december, bytes: 30 }, '2026-11-05')).toEqual({ from: '2026-11-05', bytes: 930 })
})

test('a clock that was years ahead and is set right keeps what the month had', () => {
  const ahead = inMonth({ from: '2026-11-05', bytes: 900 }, '2038-01-05')
  expect(inMonth({ ...ahead, bytes: 100 }, '2026-11-05')).toEqual({ from: '2026-11-05', bytes: 1000 })
})

test('a clock that steps to and fro never makes more of the bytes, and loses those of this month at no single step back', () => {
  const months = ['2026-09-05', '2026-10-05', '2026-11-05', '2026-12-05']
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...months), fc.nat({ max: 1000 })), { maxLength: 30 }),
      (steps) => {
        let state: Months = { from: '2026-09-05', bytes: 0 }
        let real = 0
        for (const [from, bytes] of steps) {
          const back = from < state.from
          const before = state.bytes
          state = inMonth(state, from)
          if (back) expect(state.bytes).toBeGreaterThanOrEqual(before)
          state = { ...state, bytes: state.bytes + bytes }
          real += bytes
          expect(state.from).toBe(from)
          expect(state.bytes + (state.before?.bytes ?? 0)).toBeLessThanOrEqual(real)
        }
      },
    ),
  )
})
