import type { PcfFont, PcfGlyph } from './pcf.ts'

export type Ranges = readonly (readonly [number, number])[]

/** The agent draws rows of at most so many columns. */
const WIDEST = 32

const packGlyph = (glyph: PcfGlyph): Buffer => {
  const rowBytes = Math.ceil(glyph.width / 8)
  const packed = Buffer.alloc(1 + rowBytes * glyph.rows.length)
  packed.writeUInt8(glyph.width, 0)
  glyph.rows.forEach((row, y) => {
    packed.writeUIntBE(row * 2 ** (rowBytes * 8 - glyph.width), 1 + y * rowBytes, rowBytes)
  })
  return packed
}

/** The glyphs of the ranges in the form that `agent/core/sign/font.ts` describes. */
export const compile = (font: PcfFont, ranges: Ranges): Buffer => {
  const wanted = font.glyphs
    .filter(({ codePoint }) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to))
    .filter(({ width }) => width > 0 && width <= WIDEST)
    .sort((a, b) => a.codePoint - b.codePoint)
  const header = Buffer.from([font.cellWidth, font.height, wanted.length >> 8, wanted.length & 0xff])
  const codePoints = Buffer.alloc(wanted.length * 4)
  wanted.forEach((glyph, i) => {
    codePoints.writeUInt32BE(glyph.codePoint, i * 4)
  })
  return Buffer.concat([header, codePoints, ...wanted.map(packGlyph)])
}
