import type { Font, Glyph } from './font.ts'

/** A glyph where it stands in a line: every one of its pixels `scale` pixels wide and high, its first row `top` below the line's. */
export type DrawnGlyph = { readonly glyph: Glyph; readonly scale: number; readonly top: number }

/** A font as a panel shows it. `height` and `cellWidth` are in pixels of the panel. */
export type Face = {
  readonly name: string
  readonly height: number
  readonly cellWidth: number
  /** Letters lose their marks: there are no rows for them. */
  readonly plain: boolean
  readonly drawnOf: (codePoint: number) => DrawnGlyph | undefined
  /** What stands for a character without a glyph: a hollow box, so that a reader sees that something is there. */
  readonly box: DrawnGlyph
  readonly blank: DrawnGlyph
}

export type FaceOptions = {
  /** A whole number; 1 when absent. */
  readonly scale?: number
  /** Asked for what the font lacks, glyph by glyph. */
  readonly fallback?: () => Font
  readonly plain?: boolean
}

/** Rows of a fallback font beside a face of about the same size. */
const FALLBACK_ROWS = 16

const boxOf = (font: Font): Glyph => {
  const width = Math.max(font.cellWidth, Math.round(font.ascent * 0.6))
  const full = 2 ** (width - 1) - 2
  const sides = 2 ** (width - 2) + 2
  const rows = new Uint32Array(font.height)
  const top = Math.round(font.ascent / 6)
  const bottom = font.ascent - 1
  for (let y = top; y <= bottom; y += 1) rows[y] = y === top || y === bottom ? full : sides
  return { width, rows }
}

/** A fallback glyph stands on the face's baseline, but begins no higher than the line. */
const placeFallback = (font: Font, scale: number, fallback: Font, glyph: Glyph): DrawnGlyph => {
  const height = font.height * scale
  const own = Math.max(1, Math.floor((height + 1) / FALLBACK_ROWS))
  const below = font.ascent * scale - fallback.ascent * own
  const room = Math.max(0, height - fallback.height * own)
  return { glyph, scale: own, top: Math.min(room, Math.max(0, below)) }
}

/** A font at a size, with another one for what it lacks. */
export const createFace = (font: Font, { scale = 1, fallback, plain = false }: FaceOptions = {}): Face => {
  const drawn = (glyph: Glyph): DrawnGlyph => ({ glyph, scale, top: 0 })
  const fromFallback = (codePoint: number): DrawnGlyph | undefined => {
    const other = fallback?.()
    const glyph = other?.glyphOf(codePoint)
    return other === undefined || glyph === undefined ? undefined : placeFallback(font, scale, other, glyph)
  }
  return {
    name: scale === 1 ? font.name : `${font.name} x${scale}`,
    height: font.height * scale,
    cellWidth: font.cellWidth * scale,
    plain,
    drawnOf: (codePoint) => {
      const own = font.glyphOf(codePoint)
      return own === undefined ? fromFallback(codePoint) : drawn(own)
    },
    box: drawn(boxOf(font)),
    blank: drawn({ width: font.cellWidth, rows: new Uint32Array(font.height) }),
  }
}
