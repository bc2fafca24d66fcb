import type { PcfFont, PcfGlyph } from './pcf.ts'

const numbersAfter = (text: string, word: string): readonly number[] =>
  new RegExp(`^${word} (.+)$`, 'm').exec(text)?.[1]?.split(' ').map(Number) ?? []

/** Rows of the drawn part, moved by `left` columns; what stands left of the origin of a letter is cut off. */
const rowOf = (hex: string, boxWidth: number, left: number, width: number): number => {
  const bits = Number.parseInt(hex, 16)
    .toString(2)
    .padStart(hex.length * 4, '0')
    .slice(0, boxWidth)
  const placed = left < 0 ? bits.slice(-left) : '0'.repeat(left) + bits
  return Number.parseInt(placed.padEnd(width, '0').slice(0, width) || '0', 2)
}

const readGlyph = (text: string, ascent: number, height: number): PcfGlyph | undefined => {
  const [codePoint = -1] = numbersAfter(text, 'ENCODING')
  const [advance = 0] = numbersAfter(text, 'DWIDTH')
  const [boxWidth = 0, boxHeight = 0, left = 0, bottom = 0] = numbersAfter(text, 'BBX')
  if (codePoint < 0) return undefined
  // A combining mark has no advance: its drawn part is the glyph, and whoever draws it puts it over the middle of a letter.
  const start = advance === 0 ? 0 : left
  const width = Math.max(advance, start + boxWidth)
  const lines = (text.split('BITMAP\n')[1] ?? '').split('\n').slice(0, boxHeight)
  const drawn = lines.map((hex) => rowOf(hex, boxWidth, start, width))
  const above = ascent - bottom - boxHeight
  const rows = Array.from({ length: height }, (_, y) => drawn[y - above] ?? 0)
  return { codePoint, width, rows }
}

/** Reads the glyphs of a BDF font into cells from `ascent` rows above the baseline to `height`. */
export const readBdf = (text: string, ascent: number, height: number): PcfFont => {
  const glyphs = text
    .split('STARTCHAR')
    .slice(1)
    .flatMap((part) => readGlyph(part, ascent, height) ?? [])
  const cellWidth = glyphs.find((glyph) => glyph.codePoint === 0x20)?.width ?? 0
  return { cellWidth, ascent, height, glyphs }
}
