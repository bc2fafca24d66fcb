import type { DrawnGlyph, Face } from './face.ts'
import { graphemesOf } from './text.ts'

/** A glyph of a cell, `left` pixels right of its beginning. */
export type CellGlyph = DrawnGlyph & { readonly left: number }

/** One place in a line: the glyphs drawn over one another at column `x`. */
export type Cell = { readonly x: number; readonly width: number; readonly glyphs: readonly CellGlyph[] }

/** A text set in a face, in one row. `missing`: characters that are drawn as a box, or marks that could not be drawn. */
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
/** Of a line's rows, where the marks above small letters end. */
const ABOVE = 0.45

const lookUp = (face: Face, character: string): DrawnGlyph | undefined =>
  face.drawnOf(character.codePointAt(0) ?? 0)

/** Full-width and other compatibility forms are drawn as the plain character they stand for. */
const plainGlyph = (face: Face, character: string): DrawnGlyph | undefined => {
  const plain = character.normalize('NFKC')
  return [...plain].length === 1 ? lookUp(face, plain) : undefined
}

const glyphFor = (face: Face, character: string): DrawnGlyph | undefined =>
  lookUp(face, character) ?? plainGlyph(face, character) ?? (BLANK.test(character) ? face.blank : undefined)

const widthOfGlyph = ({ glyph, scale }: DrawnGlyph): number => glyph.width * scale

/** First and last row of the line on which a glyph has a pixel. */
const inkOf = ({ glyph, scale, top }: DrawnGlyph): { readonly first: number; readonly last: number } => {
  const first = glyph.rows.findIndex((row) => row !== 0)
  const last = glyph.rows.findLastIndex((row) => row !== 0)
  return { first: top + first * scale, last: top + (last + 1) * scale - 1 }
}

/** A mark above stands clear of the mark that is there already, as far as the line has rows for it. */
const liftOf = (mark: DrawnGlyph, under: readonly CellGlyph[], height: number): number => {
  const own = inkOf(mark)
  if (own.last >= height * ABOVE) return 0
  const roof = Math.min(...under.map((glyph) => inkOf(glyph).first))
  if (own.last < roof) return 0
  return Math.min(own.first, own.last - roof + 1 + mark.scale)
}

/** A mark goes over the middle of the letter before it; one that cannot is named and its letter stays readable. */
const overlay = (
  cell: CellGlyph[],
  mark: DrawnGlyph | undefined,
  name: string,
  face: Face,
  missing: Set<string>,
): void => {
  const [base] = cell
  if (mark === undefined || base === undefined || cell.length > MOST_MARKS) {
    missing.add(name)
    return
  }
  const left = Math.max(0, Math.floor((widthOfGlyph(base) - widthOfGlyph(mark)) / 2))
  cell.push({ ...mark, top: mark.top - liftOf(mark, cell, face.height), left })
}

const glyphsOf = (face: Face, grapheme: string, missing: Set<string>): readonly (readonly CellGlyph[])[] => {
  const cells: CellGlyph[][] = []
  for (const character of grapheme) {
    const glyph = glyphFor(face, character)
    const under = MARK.test(character) ? cells.at(-1) : undefined
    if (under !== undefined) overlay(under, glyph, character, face, missing)
    else {
      if (glyph === undefined) missing.add(character)
      cells.push([{ ...(glyph ?? face.box), left: 0 }])
    }
  }
  return cells
}

/** Sets a prepared text in one row; marks without a composed letter are drawn over it, what has no glyph becomes a box. */
export const setLine = (face: Face, text: string): Line => {
  const cells: Cell[] = []
  const missing = new Set<string>()
  let x = 0
  for (const grapheme of graphemesOf(text)) {
    for (const glyphs of glyphsOf(face, grapheme, missing)) {
      const width = Math.max(...glyphs.map((glyph) => glyph.left + widthOfGlyph(glyph)))
      cells.push({ x, width, glyphs })
      x += width
    }
  }
  return { width: x, height: face.height, cells, missing: [...missing] }
}

/** Width in pixels of a prepared text. */
export const widthOf = (face: Face, text: string): number => setLine(face, text).width
