/** One character's picture. `rows` top to bottom; in a row the highest of `width` (at most 32) bits is the leftmost pixel. */
export type Glyph = { readonly width: number; readonly rows: Uint32Array }

/** A bitmap font whose glyphs all have `height` rows, `ascent` of them above the baseline. */
export type Font = {
  readonly name: string
  readonly height: number
  readonly ascent: number
  /** Width of a character that has no glyph, and of a blank. */
  readonly cellWidth: number
  readonly glyphOf: (codePoint: number) => Glyph | undefined
}

/**
 * A font as scripts/fonts writes it, base64 of: cell width, height (a byte each), number of glyphs (two bytes, big-endian),
 * then the code points in rising order (four bytes each), then each glyph as its width (a byte) and its rows
 * left-aligned in whole bytes.
 */
export type CompiledFont = {
  readonly name: string
  readonly ascent: number
  /** A function, so that a face that no sign needs is never read. */
  readonly data: () => string
}

const HEADER_BYTES = 4
const CODE_POINT_BYTES = 4

const bytesOf = (base64: string): Uint8Array => {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i)
  return bytes
}

const readRows = (view: DataView, at: number, width: number, height: number): Uint32Array => {
  const rowBytes = Math.ceil(width / 8)
  const rows = new Uint32Array(height)
  for (let y = 0; y < height; y += 1) {
    let row = 0
    for (let i = 0; i < rowBytes; i += 1) row = row * 256 + view.getUint8(at + y * rowBytes + i)
    rows[y] = Math.floor(row / 2 ** (rowBytes * 8 - width))
  }
  return rows
}

/** Where each glyph begins, in the order of the code points. */
const offsetsOf = (view: DataView, height: number): Uint32Array => {
  const count = view.getUint16(2)
  const offsets = new Uint32Array(count)
  let at = HEADER_BYTES + count * CODE_POINT_BYTES
  for (let i = 0; i < count; i += 1) {
    offsets[i] = at
    at += 1 + Math.ceil(view.getUint8(at) / 8) * height
  }
  return offsets
}

/** Place of a code point in the rising list; undefined when it is not there. */
const placeOf = (view: DataView, codePoint: number): number | undefined => {
  let [low, high] = [0, view.getUint16(2) - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = view.getUint32(HEADER_BYTES + middle * CODE_POINT_BYTES)
    if (found === codePoint) return middle
    if (found < codePoint) low = middle + 1
    else high = middle - 1
  }
  return undefined
}

/** Makes a compiled font ready for lookups; glyphs are unpacked when they are first used. */
export const createFont = (compiled: CompiledFont): Font => {
  const bytes = bytesOf(compiled.data())
  const view = new DataView(bytes.buffer)
  const height = view.getUint8(1)
  const offsets = offsetsOf(view, height)
  const unpacked = new Map<number, Glyph>()
  return {
    name: compiled.name,
    height,
    ascent: compiled.ascent,
    cellWidth: view.getUint8(0),
    glyphOf: (codePoint) => {
      const held = unpacked.get(codePoint)
      if (held !== undefined) return held
      const place = placeOf(view, codePoint)
      if (place === undefined) return undefined
      const offset = offsets[place] ?? 0
      const width = view.getUint8(offset)
      const glyph = { width, rows: readRows(view, offset + 1, width, height) }
      unpacked.set(codePoint, glyph)
      return glyph
    },
  }
}
