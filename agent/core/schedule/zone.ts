import type { Weekday } from '../documents.ts'
import { LoaError } from '../error.ts'
import { type EpochMs, epochMs } from '../time.ts'

export const DAY_MS = 86_400_000

/** A local calendar date as the number of days since 1970-01-01. */
export type LocalDay = number

/** Local time of a zone at an instant; `ms` counts from local midnight on the wall, 0 to 86,399,999. */
type LocalTime = { readonly day: LocalDay; readonly ms: number }

/** Wall time of one IANA zone. */
export interface Zone {
  readonly name: string
  localTime(at: EpochMs): LocalTime
  /**
   * The instant at which the wall shows `ms` after midnight of `day`. A wall time that a change of the clocks
   * skips is the first instant after the gap; one that comes twice is its first coming.
   */
  instant(day: LocalDay, ms: number): EpochMs
}

const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

export const weekdayOf = (day: LocalDay): Weekday => WEEKDAYS[(((day + 4) % 7) + 7) % 7] ?? 'sun'

/** `2026-11-22` as a day number. The text must have passed the schema. */
export const dayOf = (date: string): LocalDay => Date.parse(`${date}T00:00:00Z`) / DAY_MS

export const dateText = (day: LocalDay): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** `HH:MM` or `HH:MM:SS` as milliseconds after midnight. The text must have passed the schema. */
export const msOfDay = (time: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  return ((hours * 60 + minutes) * 60 + seconds) * 1000
}

// Days of offsets kept; planning touches a few dozen.
const CACHED_DAYS = 512

const createFormatter = (name: string): Intl.DateTimeFormat => {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw new LoaError('CONFIG', `there is no time zone ${name}`, { cause, path: 'timezone' })
  }
}

/** The offset from UTC at an instant, in milliseconds, asked of Intl: some microseconds a call. */
const createOffset = (name: string): ((at: number) => number) => {
  const formatter = createFormatter(name)
  return (at) => {
    const second = Math.floor(at / 1000) * 1000
    const fields: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
    for (const { type, value } of formatter.formatToParts(second)) fields[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: s = 0 } = fields
    return Date.UTC(year, month - 1, day, hour, minute, s) - second
  }
}

/** The offset of a whole UTC day, or undefined when it changes within the day. */
const createDayOffset = (offsetOf: (at: number) => number): ((utcDay: number) => number | undefined) => {
  const cache = new Map<number, number | undefined>()
  return (utcDay) => {
    if (cache.has(utcDay)) return cache.get(utcDay)
    if (cache.size >= CACHED_DAYS) cache.clear()
    const start = offsetOf(utcDay * DAY_MS)
    const offset = start === offsetOf((utcDay + 1) * DAY_MS) ? start : undefined
    cache.set(utcDay, offset)
    return offset
  }
}

/** First instant of (before, after] at which the offset is no longer that of `before`. */
const changeBetween = (offsetOf: (at: number) => number, before: number, after: number): number => {
  const old = offsetOf(before)
  let [low, high] = [before, after]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetOf(middle) === old) low = middle
    else high = middle
  }
  return high
}

/**
 * A zone by its IANA name, through Intl alone. Offsets are asked once a day, not once an occurrence.
 * @throws CONFIG for a name that the runtime does not know
 */
export const createZone = (name: string): Zone => {
  const exactOffset = createOffset(name)
  const dayOffset = createDayOffset(exactOffset)
  const offsetAt = (at: number): number => dayOffset(Math.floor(at / DAY_MS)) ?? exactOffset(at)
  return {
    name,
    localTime: (at) => {
      const local = at + offsetAt(at)
      const day = Math.floor(local / DAY_MS)
      return { day, ms: local - day * DAY_MS }
    },
    instant: (day, ms) => {
      const local = day * DAY_MS + ms
      // No zone is further than 14 h from UTC, so a day to either side is before and after any change that matters.
      const [before, after] = [offsetAt(local - DAY_MS), offsetAt(local + DAY_MS)]
      if (before === after) return epochMs(local - before)
      const candidates = [local - before, local - after].filter((at) => at + offsetAt(at) === local)
      if (candidates.length > 0) return epochMs(Math.min(...candidates))
      return epochMs(changeBetween(exactOffset, local - DAY_MS, local + DAY_MS))
    },
  }
}
