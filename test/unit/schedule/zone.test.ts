import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createZone, DAY_MS, dateText, dayOf, msOfDay, weekdayOf } from '../../../agent/core/schedule/zone.ts'
import { epochMs } from '../../../agent/core/time.ts'

const at = (iso: string) => epochMs(Date.parse(iso))
const iso = (ms: number) => new Date(ms).toISOString()
const hanoi = createZone('Asia/Ho_Chi_Minh')
const berlin = createZone('Europe/Berlin')

test('five in the morning in Viet Nam is 22:00 UTC of the day before', () => {
  expect(iso(hanoi.instant(dayOf('2026-11-22'), msOfDay('05:00:00')))).toBe('2026-11-21T22:00:00.000Z')
})

test('the local date and time of an instant are those of the zone', () => {
  const { day, ms } = hanoi.localTime(at('2026-11-21T22:00:00.250Z'))
  expect(dateText(day)).toBe('2026-11-22')
  expect(ms).toBe(5 * 3_600_000 + 250)
})

test('a wall time that the change to summer time skips is the first instant after the gap', () => {
  expect(iso(berlin.instant(dayOf('2026-03-29'), msOfDay('02:30')))).toBe('2026-03-29T01:00:00.000Z')
  expect(iso(berlin.instant(dayOf('2026-03-29'), msOfDay('03:00')))).toBe('2026-03-29T01:00:00.000Z')
  expect(iso(berlin.instant(dayOf('2026-03-29'), msOfDay('01:59:59')))).toBe('2026-03-29T00:59:59.000Z')
})

test('a wall time that comes twice is its first coming', () => {
  expect(iso(berlin.instant(dayOf('2026-10-25'), msOfDay('02:30')))).toBe('2026-10-25T00:30:00.000Z')
  expect(iso(berlin.instant(dayOf('2026-10-25'), msOfDay('03:00')))).toBe('2026-10-25T02:00:00.000Z')
})

test('a day that a zone leaves out altogether is the first instant after it', () => {
  const apia = createZone('Pacific/Apia')
  expect(iso(apia.instant(dayOf('2011-12-30'), msOfDay('12:00')))).toBe('2011-12-30T10:00:00.000Z')
})

test('weekdays and dates before 1970 are right too', () => {
  expect(weekdayOf(dayOf('2026-11-22'))).toBe('sun')
  expect(weekdayOf(dayOf('1970-01-01'))).toBe('thu')
  expect(weekdayOf(dayOf('1969-12-28'))).toBe('sun')
  expect(dateText(-1)).toBe('1969-12-31')
})

test('an unknown zone is a configuration fault', () => {
  expect(() => createZone('Asia/Nowhere')).toThrow(
    expect.objectContaining({ code: 'CONFIG', path: 'timezone' }),
  )
})

test.each(['Asia/Ho_Chi_Minh', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/New_York', 'Asia/Kathmandu'])(
  'in %s every instant is the first or the second coming of its wall time',
  (name) => {
    const zone = createZone(name)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 * 366 * DAY_MS }), (offset) => {
        const instant = epochMs(at('1995-01-01T00:00:00Z') + offset)
        const { day, ms } = zone.localTime(instant)
        const first = zone.instant(day, ms)
        expect(zone.localTime(first)).toEqual({ day, ms })
        expect(instant - first === 0 || (instant - first > 0 && instant - first <= 3_600_000)).toBe(true)
      }),
      { numRuns: 300 },
    )
  },
)

test('wall times of a day never run backwards, whatever the clocks do', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20_000, max: 22_000 }),
      fc.integer({ min: 0, max: DAY_MS - 1 }),
      fc.integer({ min: 0, max: DAY_MS - 1 }),
      (day, a, b) => {
        expect(berlin.instant(day, Math.min(a, b))).toBeLessThanOrEqual(berlin.instant(day, Math.max(a, b)))
      },
    ),
    { numRuns: 300 },
  )
})
