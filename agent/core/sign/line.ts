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

/** No orthography piles up more on one letter; what does would only cost time. */
const MOST_MARKS = 4
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

const glyphFor = (font: Font, character: string): Glyph | undefined =>
  lookUp(font, character) ??
  plainGlyph(font, character) ??
  (BLANK.test(character) ? blankOf(font) : undefined)

/** A mark goes over the letter before it; one that cannot is named and its letter stays readable. */
const overlay = (cell: Glyph[], mark: string, glyph: Glyph | undefined, missing: Set<string>): void => {
  if (glyph !== undefined && cell.length <= MOST_MARKS) cell.push(glyph)
  else missing.add(mark)
}

const glyphsOf = (font: Font, grapheme: string, missing: Set<string>): readonly (readonly Glyph[])[] => {
  const cells: Glyph[][] = []
  for (const character of grapheme) {
    const glyph = glyphFor(font, character)
    const under = MARK.test(character) ? cells.at(-1) : undefined
    if (under !== undefined) overlay(under, character, glyph, missing)
    else {
      if (glyph === undefined) missing.add(character)
      cells.push([glyph ?? boxOf(font)])
    }
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
