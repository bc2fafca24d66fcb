import type { Font, Glyph } from './font.ts'
import { graphemesOf } from './text.ts'

/** One place in a line: the glyphs drawn over one another at column `x`. */
export type Cell = { readonly x: number; readonly width: number; readonly glyphs: readonly Glyph[] }

/** A text set in a font, in one row. `missing`: characters that are drawn as a box, or marks that could not be drawn. */
export type Line = {
  readonly width: number
  readonly height: number
  readonly cells: readonly Cell[]
  readonly missing: readonly string[]
}

const MARK = /\p{M}/u
const BLANK = /\s/u

/** A hollow box, so that a reader sees that something stands there. */
const boxOf = (font: Font): Glyph => {
  const width = font.cellWidth
  const full = 2 ** (width - 1) - 2
  const sides = 2 ** (width - 2) + 2
  const rows = new Uint32Array(font.height)
  const [top, bottom] = [2, font.height - 4]
  for (let y = top; y <= bottom; y += 1) rows[y] = y === top || y === bottom ? full : sides
  return { width, rows }
}

const lookUp = (font: Font, character: string): Glyph | undefined =>
  font.glyphOf(character.codePointAt(0) ?? 0)

/** Full-width and other compatibility forms are drawn as the plain character they stand for. */
const plainGlyph = (font: Font, character: string): Glyph | undefined => {
  const plain = character.normalize('NFKC')
  return [...plain].length === 1 ? lookUp(font, plain) : undefined
}

const glyphsOf = (font: Font, grapheme: string, missing: Set<string>): readonly (readonly Glyph[])[] => {
  const cells: Glyph[][] = []
  for (const character of grapheme) {
    const glyph = lookUp(font, character) ?? plainGlyph(font, character)
    const base = MARK.test(character) ? cells.at(-1) : undefined
    if (glyph === undefined && BLANK.test(character)) cells.push([blankOf(font)])
    else if (glyph === undefined) {
      missing.add(character)
      if (base === undefined) cells.push([boxOf(font)])
    } else if (base === undefined) cells.push([glyph])
    else base.push(glyph)
  }
  return cells
}

const blankOf = (font: Font): Glyph => ({ width: font.cellWidth, rows: new Uint32Array(font.height) })

/** Sets a prepared text in one row; marks without a composed letter are drawn over it, what has no glyph becomes a box. */
export const setLine = (font: Font, text: string): Line => {
  const cells: Cell[] = []
  const missing = new Set<string>()
  let x = 0
  for (const grapheme of graphemesOf(text)) {
    for (const glyphs of glyphsOf(font, grapheme, missing)) {
      const width = glyphs[0]?.width ?? font.cellWidth
      cells.push({ x, width, glyphs })
      x += width
    }
  }
  return { width: x, height: font.height, cells, missing: [...missing] }
}

/** Width in pixels of a prepared text. */
export const widthOf = (font: Font, text: string): number => setLine(font, text).width
