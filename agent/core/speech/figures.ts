import { readDecimal, readDigits, readInteger, readWhole, romanValue } from './numbers.ts'

const TELEPHONE = /(?<![\p{L}\p{N}.,])(?:\+84[ .-]?|0)\d{1,3}(?:[ .-]?\d{2,4}){2,3}(?!\d|[.,]\d)/gu
const TELEPHONE_DIGITS = { least: 9, most: 12 }
const ROMAN =
  /(?<!\p{L})(thứ|khóa|khoá|quý|kỳ|lần|chương|phần|điều|mục|thế kỷ|đại hội|cấp|loại|vùng|đợt|bậc|hạng|tập)\s{1,2}([IVXLC]{1,8})(?![\p{L}\p{N}])/giu
const HOTLINE = /(?<=(?:gọi|số|báo|hotline)\s)(11[1-5])(?![\p{L}\p{N}])/giu
const THOUSANDS = /(?<![\p{N}.,])(\d{1,3}(?:\.\d{3}){1,6})(?!\d|\.\d)/gu
const ENGLISH_THOUSANDS = /(?<![\p{N}.,])(\d{1,3}(?:(?:,\d{3}){2,6}|,000))(?![\d,])/gu
const NEGATIVE = /(?<=^|\s)[-−](?=\d)/gu
const RANGE = /(?<=[\d%])\s?[-–]\s?(?=\d)|(?<=\p{L}\s?)–\s?(?=\d)/gu
const COMPARED: Readonly<Record<string, string>> = {
  '<': 'dưới',
  '>': 'trên',
  '≤': 'không quá',
  '≥': 'từ',
  '+': 'cộng',
  '=': 'bằng',
  '±': 'cộng trừ',
  '×': 'nhân',
}
const COMPARISON = /([<>≤≥+=±×])(?=\s?\d)/gu
const GROUPED_DECIMAL = /(?<![\p{N}.,])(\d{1,3}(?:\.\d{3}){1,6}),(\d{1,9})(?!\d)/gu
const DECIMAL = /(?<![\p{N}.,])(\d+),(\d+)(?!,?\d)/gu
const INNER_DOT = /(?<=\d)\.(?=\d)/gu
const INNER_SLASH = /(?<=\d)\/(?=\d)/gu
const LETTER_DIGIT = /(?<=\p{L})-?(?=\d)|(?<=\d)-?(?=\p{L})/gu

/** In threes from the end, so that a listener can write along. */
const telephoneWords = (found: string): string => {
  const digits = found.replaceAll(/\D/g, '').replace(/^84/, found.startsWith('+') ? '0' : '84')
  if (digits.length < TELEPHONE_DIGITS.least || digits.length > TELEPHONE_DIGITS.most) return found
  const first = digits.length % 3 === 0 ? 3 : 3 + (digits.length % 3)
  const groups = [digits.slice(0, first), ...(digits.slice(first).match(/\d{3}/g) ?? [])]
  return groups.map(readDigits).join(', ')
}

const romanWords = (found: string, word: string, numeral: string): string => {
  if (numeral !== numeral.toUpperCase()) return found
  return `${word} ${readInteger(String(romanValue(numeral)))}`
}

/** Every figure that is left, in words. */
export const readFigures = (text: string): string =>
  text
    .replaceAll(TELEPHONE, telephoneWords)
    .replaceAll(HOTLINE, readDigits)
    .replaceAll('>=', '≥')
    .replaceAll('<=', '≤')
    .replaceAll(ROMAN, romanWords)
    .replaceAll(NEGATIVE, 'âm ')
    .replaceAll(RANGE, ' đến ')
    .replaceAll(COMPARISON, (sign) => ` ${COMPARED[sign] ?? ''} `)
    .replaceAll(LETTER_DIGIT, ' ')
    .replaceAll(GROUPED_DECIMAL, (_found, whole: string, part: string) =>
      readDecimal(whole.replaceAll('.', ''), part),
    )
    .replaceAll(THOUSANDS, (found) => readWhole(found.replaceAll('.', '')))
    .replaceAll(ENGLISH_THOUSANDS, (found) => readWhole(found.replaceAll(',', '')))
    .replaceAll(DECIMAL, (_found, whole: string, part: string) => readDecimal(whole, part))
    .replaceAll(INNER_DOT, ' chấm ')
    .replaceAll(INNER_SLASH, ' trên ')
    .replaceAll(/[0-9]+/g, readWhole)
