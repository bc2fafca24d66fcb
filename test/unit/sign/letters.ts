const SHAPES = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y']
const TONES = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323']
const PLAIN = 'aeiouy'

const lower = [
  'đ',
  ...SHAPES.flatMap((shape) => TONES.map((tone) => (shape + tone).normalize('NFC'))).filter(
    (letter) => !PLAIN.includes(letter),
  ),
]

/** The 134 letters of Vietnamese that ASCII lacks. */
export const VIETNAMESE_LETTERS: readonly string[] = [
  ...lower,
  ...lower.map((letter) => letter.toUpperCase()),
]

/** Every letter a Vietnamese text can hold, digits included. */
export const ALL_LETTERS: readonly string[] = [
  ...VIETNAMESE_LETTERS,
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
]
