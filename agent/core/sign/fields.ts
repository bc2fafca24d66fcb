import type { Weekday } from '../documents.ts'
import { DAY_MS, dateText, weekdayOf, type Zone } from '../schedule/zone.ts'
import type { EpochMs } from '../time.ts'

const WEEKDAYS: Readonly<Record<Weekday, string>> = {
  mon: 'Thứ Hai',
  tue: 'Thứ Ba',
  wed: 'Thứ Tư',
  thu: 'Thứ Năm',
  fri: 'Thứ Sáu',
  sat: 'Thứ Bảy',
  sun: 'Chủ Nhật',
}
const FIELD = /\{(time:s|time|date|weekday|countdown ([^}]{1,40}))\}/g
const SECOND_FIELD = /\{(?:time:s|countdown [^}]{1,40})\}/
/** What stands for a time that nobody knows. */
const UNKNOWN = '--'

const twoDigits = (value: number): string => String(value).padStart(2, '0')

const clockOf = (ms: number): readonly [string, string, string] => [
  twoDigits(Math.floor(ms / 3_600_000)),
  twoDigits(Math.floor(ms / 60_000) % 60),
  twoDigits(Math.floor(ms / 1000) % 60),
]

const dateOf = (day: number): string => dateText(day).split('-').reverse().join('/')

/** `3 ngày 04:05:06`; zero when it is over. */
const countdown = (until: string, at: EpochMs | undefined): string => {
  const target = Date.parse(until)
  if (Number.isNaN(target) || at === undefined) return `${UNKNOWN}:${UNKNOWN}:${UNKNOWN}`
  const left = Math.max(0, target - at)
  const days = Math.floor(left / DAY_MS)
  return `${days > 0 ? `${days} ngày ` : ''}${clockOf(left % DAY_MS).join(':')}`
}

const fieldOf = (name: string, until: string | undefined, at: EpochMs | undefined, zone: Zone): string => {
  if (until !== undefined) return countdown(until, at)
  const local = at === undefined ? undefined : zone.localTime(at)
  const [hours, minutes, seconds] = local === undefined ? [UNKNOWN, UNKNOWN, UNKNOWN] : clockOf(local.ms)
  switch (name) {
    case 'time':
      return `${hours}:${minutes}`
    case 'time:s':
      return `${hours}:${minutes}:${seconds}`
    case 'date':
      return local === undefined ? `${UNKNOWN}/${UNKNOWN}/----` : dateOf(local.day)
    default:
      return local === undefined ? UNKNOWN : WEEKDAYS[weekdayOf(local.day)]
  }
}

/** The text of an idle page at a moment: `{time}`, `{time:s}`, `{date}`, `{weekday}`, `{countdown INSTANT}` filled in; dashes while the time is not known. */
export const fillFields = (text: string, at: EpochMs | undefined, zone: Zone): string =>
  text.replace(FIELD, (_, name: string, until: string | undefined) => fieldOf(name, until, at, zone))

/** How long what a text says holds at most; undefined when it has no fields. */
export const fieldsHoldMs = (text: string): number | undefined => {
  if (SECOND_FIELD.test(text)) return 1000
  return text.search(FIELD) >= 0 ? 60_000 : undefined
}
