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

const range = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i))
    .filter((character) => /\p{Assigned}/u.test(character))
    .join('')

const BAHNARIC =
  'ĂăÂâÊêÔôƠơƯưĐđÑñČčĔĕĬĭŎŏŬŭƀɃJjFfWwZz' + 'ê\u0306ô\u0306ơ\u0306ư\u0306Ê\u0306Ô\u0306Ơ\u0306Ư\u0306'

/** What the minority languages of the programmes write beside the Vietnamese letters. */
export const MINORITY_LETTERS: Readonly<Record<string, string>> = {
  'Tày and Nùng': 'FfJjWwZzâậấầẩẫêôơưđ',
  'Thái (Tai Viet)': range(0xaa80, 0xaac2) + range(0xaadb, 0xaadf),
  'H’Mông': "FfJjWwZzNnkKrRxXôơưđ’'-",
  Khmer: range(0x1780, 0x17f9) + range(0x19e0, 0x19ff),
  'Chăm (Akhar Thrah)': range(0xaa00, 0xaa5f),
  'Chăm in Latin script': 'ĂăÂâÊêÔôƠơƯưĐđÇçŊŋÉéĔĕ',
  'Ê Đê': BAHNARIC,
  'Gia Rai': BAHNARIC,
  'Ba Na': `${BAHNARIC}ŏ\u0300ŭ\u0301`,
}
