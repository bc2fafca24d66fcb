const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'] as const
/** What follows a billion is read as billions of billions; beyond this nobody can follow and digits are read. */
const LONGEST_NUMBER = 18

const nameOf = (digit: number): string => DIGITS[digit] ?? ''

/** Each digit by its name: telephone numbers, codes, decimals. */
export const readDigits = (digits: string): string =>
  [...digits].map((digit) => nameOf(Number(digit))).join(' ')

/** The last digit of a number whose tens are not nothing: 21 mốt, 24 tư, 25 lăm. */
const unitAfter = (tens: number, units: number): string => {
  if (units === 5) return 'lăm'
  if (tens > 1 && units === 1) return 'mốt'
  if (tens > 1 && units === 4) return 'tư'
  return nameOf(units)
}

const tensWords = (tens: number, units: number): readonly string[] => {
  const begin = tens === 1 ? ['mười'] : [nameOf(tens), 'mươi']
  return units === 0 ? begin : [...begin, unitAfter(tens, units)]
}

/** 0 to 999; `full` reads an empty hundred, as inside a longer number: 1.005 một nghìn không trăm linh năm. */
const groupWords = (value: number, full: boolean): readonly string[] => {
  const hundreds = Math.floor(value / 100)
  const tens = Math.floor(value / 10) % 10
  const units = value % 10
  const begin = hundreds > 0 || full ? [nameOf(hundreds), 'trăm'] : []
  if (tens > 0) return [...begin, ...tensWords(tens, units)]
  if (units === 0) return begin.length > 0 ? begin : [nameOf(0)]
  return begin.length > 0 ? [...begin, 'linh', nameOf(units)] : [nameOf(units)]
}

const GROUPS = ['triệu', 'nghìn', ''] as const

/** Up to nine digits. */
const millionsWords = (digits: string, continued: boolean): readonly string[] => {
  const padded = digits.padStart(9, '0')
  let begun = continued
  return GROUPS.flatMap((name, index) => {
    const value = Number(padded.slice(index * 3, index * 3 + 3))
    if (value === 0) return []
    const words = groupWords(value, begun)
    begun = true
    return name === '' ? words : [...words, name]
  })
}

/** A whole number as Vietnamese reads it; one of over 18 digits digit by digit. `digits`: 0-9 only. */
export const readInteger = (digits: string): string => {
  const significant = digits.replace(/^0+/, '')
  if (significant === '') return nameOf(0)
  if (significant.length > LONGEST_NUMBER) return readDigits(significant)
  const billions = significant.slice(0, -9)
  const rest = millionsWords(significant.slice(-9), billions !== '')
  const begin = billions === '' ? [] : [...millionsWords(billions, false), 'tỷ']
  return [...begin, ...rest].join(' ')
}

/** Like `readInteger`; a code that begins with nothing, such as 007, digit by digit. 05 is a padded 5. */
export const readWhole = (digits: string): string =>
  digits.length > 2 && digits.startsWith('0') ? readDigits(digits) : readInteger(digits)

/** 3,14 ba phẩy mười bốn; 3,05 and longer fractions digit by digit. */
export const readDecimal = (whole: string, fraction: string): string => {
  const short = fraction.length <= 2 && !fraction.startsWith('0')
  return `${readWhole(whole)} phẩy ${short ? readInteger(fraction) : readDigits(fraction)}`
}

/** As in "thứ tư" and "tháng tư": 4 alone is read `tư`. */
export const readOrdinal = (digits: string): string => (Number(digits) === 4 ? 'tư' : readInteger(digits))

const ROMAN: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100 }

/** Value of a Roman numeral up to 399. */
export const romanValue = (numeral: string): number => {
  const values = [...numeral].map((letter) => ROMAN[letter] ?? 0)
  return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0)
}
