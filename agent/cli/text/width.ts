const ZERO = /[\p{Mn}\p{Me}\p{Cf}]/u
/**
 * All but what may be shown, written so that no table of Unicode is read: C0 and C1 controls, and the marks that turn the
 * direction of text. A title must not drive the terminal.
 */
const UNSAFE = /[^ -~\u00a0-\u200d\u2010-\u2029\u202f-\u2065\u206a-\u{10ffff}]/gu
/** All but letters that are composed for certain, those of Vietnamese among them (Unicode, NFC_Quick_Check). */
const PERHAPS_DECOMPOSED = /[^ -\u02ff\u1e00-\u1eff\u2010-\u2027]/

/** First and last code point of what fills two columns (Unicode 16, East Asian Width W and F, coarse). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]

/** Letters of Vietnamese, composed, and what European languages write: nothing of it is wide or takes no room. */
const isLatin = (point: number): boolean =>
  (point < 0x300 && point !== 0xad) || (point >= 0x1e00 && point < 0x1f00)

const widthOf = (character: string): number => {
  const point = character.codePointAt(0) ?? 0
  if (isLatin(point)) return 1
  if (ZERO.test(character)) return 0
  return WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1
}

/** Text from outside as it may be shown: one line, composed, without control characters. */
export const plain = (text: string): string =>
  (PERHAPS_DECOMPOSED.test(text) ? text.normalize('NFC') : text).replaceAll(UNSAFE, ' ')

/** Columns of a terminal that `text` fills. Combining marks fill none, wide characters two. */
export const displayWidth = (text: string): number => {
  let width = 0
  for (const character of text) width += widthOf(character)
  return width
}

/** At most `columns` wide; what is cut is shown by an ellipsis. Marks stay with their letter. */
export const clip = (text: string, columns: number): string => {
  if (displayWidth(text) <= columns) return text
  if (columns < 1) return ''
  let width = 0
  let kept = ''
  for (const character of text) {
    width += widthOf(character)
    if (width > columns - 1) break
    kept += character
  }
  return `${kept}…`
}

export const padEnd = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - displayWidth(text)))

export const padStart = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - displayWidth(text))) + text

/** Words laid out in lines of at most `columns`; a word that is longer gets a line of its own, unbroken so that it can be copied. */
export const wrap = (text: string, columns: number): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
