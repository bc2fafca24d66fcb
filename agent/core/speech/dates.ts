import { readInteger, readOrdinal } from './numbers.ts'

const HOUR_MAX = 24
const MINUTE_MAX = 59
/** Nothing that makes the digits part of a longer number, code or address. */
const BEGIN = String.raw`(?<![\p{L}\p{N}/.,:-])`
const END = String.raw`(?![\p{L}\p{N}/:-]|[.,]\d)`

const pattern = (body: string): RegExp => new RegExp(BEGIN + body + END, 'gu')

const isDay = (day: string, month: string): boolean => {
  const [d, m] = [Number(day), Number(month)]
  return d >= 1 && d <= 31 && m >= 1 && m <= 12
}
const dayAndMonth = (day: string, month: string): string => `${readInteger(day)} tháng ${readOrdinal(month)}`
const yearWords = (year: string | undefined): string =>
  year === undefined ? '' : ` năm ${readInteger(year)}`

const CLOCK_RANGE = /(?<=\d{1,2}(?::\d{2}|[hg]\d{0,2}))\s?[-–]\s?(?=\d{1,2}(?::\d{2}|[hg]))/gu
const CLOCK = pattern(String.raw`(\d{1,2}):(\d{2})(?::(\d{2}))?`)
const HOURS = new RegExp(
  String.raw`${BEGIN}(\d{1,2})\s?(?:[hH]|g(?=\s?\d))(?:\s?(\d{1,2})(?:['’′]|\s?(?:phút|ph|p))?)?(?![\p{L}\p{N}])`,
  'gu',
)

const timeWords = (
  found: string,
  hours: string,
  minutes: string | undefined,
  seconds: string | undefined,
): string => {
  if (Number(hours) > HOUR_MAX || Number(minutes ?? 0) > MINUTE_MAX) return found
  const hour = `${readInteger(hours)} giờ`
  const withMinutes = Number(minutes ?? 0) === 0 ? hour : `${hour} ${readInteger(minutes ?? '')} phút`
  if (seconds === undefined || Number(seconds) === 0) return withMinutes
  return Number(seconds) > MINUTE_MAX ? found : `${withMinutes} ${readInteger(seconds)} giây`
}

/** 19:30, 19h30, 7g30, 5h-7h. */
export const readTimes = (text: string): string =>
  text
    .replaceAll(CLOCK_RANGE, ' đến ')
    .replaceAll(CLOCK, (found: string, hours: string, minutes: string, seconds?: string) =>
      timeWords(found, hours, minutes, seconds),
    )
    .replaceAll(HOURS, (found: string, hours: string, minutes?: string) =>
      timeWords(found, hours, minutes, undefined),
    )

const ISO_DATE = pattern(String.raw`(\d{4})-(\d{2})-(\d{2})`)
const DATE_RANGE = /(?<=\d{1,2}\/\d{1,2}(?:\/\d{4})?)\s?[-–]\s?(?=\d{1,2}\/\d{1,2})/gu
const DAY_RANGE = pattern(
  String.raw`(?:(?:từ\s)?ngày\s|từ\s)?(\d{1,2})\s?(?:[-–]|đến)\s?(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?`,
)
const FULL_DATE = pattern(String.raw`(?:(ngày|mùng|mồng)\s{1,2})?(\d{1,2})([/.-])(\d{1,2})\3(\d{4})`)
const SHORT_DATE = pattern(
  String.raw`(?:(ngày|mùng|mồng|số|nhà|hẻm|ngõ|ngách|kiệt|lô|thửa)\s{1,2})?(\d{1,2})\/(\d{1,2})`,
)
const MONTH_OF_YEAR = pattern(String.raw`(?:tháng\s{1,2})?(\d{1,2})\/(\d{4})`)
const ORDINAL = /(?<!\p{L})(tháng|thứ)\s{1,2}(0?4)(?![\p{L}\p{N}/.,:-]\d?)/giu

const DAY_WORDS = new Set(['ngày', 'mùng', 'mồng'])
/** What a share is a share of: 2/3 số hộ is no date. */
const SHARED =
  /^\s{0,2}(?:số|dân|hộ|diện|tổng|người|thành|đại biểu|chặng|quãng|giá|sản|nhân|lượng|ly|kg|lít)/u

const shortDate = (found: string, lead: string | undefined, day: string, month: string, rest: string) => {
  const word = lead?.toLowerCase()
  const begin = lead === undefined ? '' : `${lead} `
  if (word !== undefined && !DAY_WORDS.has(word))
    return `${begin}${readInteger(day)} trên ${readInteger(month)}`
  if (word === undefined && Number(day) < Number(month) && SHARED.test(rest))
    return `${readInteger(day)} phần ${readOrdinal(month)}`
  if (!isDay(day, month)) return found
  return `${begin || 'ngày '}${dayAndMonth(day, month)}`
}

/** 25/11, 25/11/2026, 20-25/11, 11/2026, thứ 4, tháng 4; house numbers and shares are told apart. */
export const readDates = (text: string): string =>
  text
    .replaceAll(ISO_DATE, (found: string, year: string, month: string, day: string) =>
      isDay(day, month) ? `ngày ${dayAndMonth(day, month)}${yearWords(year)}` : found,
    )
    .replaceAll(DATE_RANGE, ' đến ')
    .replaceAll(DAY_RANGE, (found: string, first: string, last: string, month: string, year?: string) =>
      isDay(first, month) && isDay(last, month) && Number(first) < Number(last)
        ? `từ ngày ${readInteger(first)} đến ngày ${dayAndMonth(last, month)}${yearWords(year)}`
        : found,
    )
    .replaceAll(
      FULL_DATE,
      (found: string, lead: string | undefined, day: string, _mark: string, month: string, year: string) =>
        isDay(day, month) ? `${lead ?? 'ngày'} ${dayAndMonth(day, month)}${yearWords(year)}` : found,
    )
    .replaceAll(
      SHORT_DATE,
      (found: string, lead: string | undefined, day: string, month: string, at: number, whole: string) =>
        shortDate(found, lead, day, month, whole.slice(at + found.length, at + found.length + 20)),
    )
    .replaceAll(MONTH_OF_YEAR, (found: string, month: string, year: string) =>
      isDay('1', month) ? `tháng ${readOrdinal(month)}${yearWords(year)}` : found,
    )
    .replaceAll(ORDINAL, (_found: string, word: string, digits: string) => `${word} ${readOrdinal(digits)}`)
