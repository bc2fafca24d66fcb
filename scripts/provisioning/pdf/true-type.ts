/** A font as a PDF needs it. Lengths in thousandths of the size. */
export type TrueType = {
  readonly file: Uint8Array
  readonly ascent: number
  readonly descent: number
  readonly box: readonly [number, number, number, number]
  /** 0 for a character that it does not have. */
  readonly glyphOf: (point: number) => number
  readonly widthOf: (glyph: number) => number
}

type Table = { readonly at: number; readonly length: number }

const tablesOf = (file: DataView): ReadonlyMap<string, Table> => {
  const count = file.getUint16(4)
  return new Map(
    Array.from({ length: count }, (_, i) => {
      const at = 12 + i * 16
      const tag = String.fromCharCode(...[0, 1, 2, 3].map((letter) => file.getUint8(at + letter)))
      return [tag, { at: file.getUint32(at + 8), length: file.getUint32(at + 12) }] as const
    }),
  )
}

/** Where the table for the characters of the Basic Multilingual Plane begins: format 4. */
const charactersAt = (file: DataView, cmap: number): number => {
  const count = file.getUint16(cmap + 2)
  for (let i = 0; i < count; i += 1) {
    const at = cmap + file.getUint32(cmap + 4 + i * 8 + 4)
    if (file.getUint16(at) === 4) return at
  }
  throw new Error('the font has no table of characters that is read here (cmap format 4)')
}

/** @see OpenType, cmap, format 4 */
const glyphsOf = (file: DataView, at: number): ((point: number) => number) => {
  const segments = file.getUint16(at + 6) / 2
  const ends = at + 14
  const starts = ends + segments * 2 + 2
  const deltas = starts + segments * 2
  const ranges = deltas + segments * 2
  return (point) => {
    for (let i = 0; i < segments; i += 1) {
      if (file.getUint16(ends + i * 2) < point) continue
      const start = file.getUint16(starts + i * 2)
      if (start > point) return 0
      const delta = file.getUint16(deltas + i * 2)
      const range = file.getUint16(ranges + i * 2)
      if (range === 0) return (point + delta) & 0xffff
      const glyph = file.getUint16(ranges + i * 2 + range + (point - start) * 2)
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff
    }
    return 0
  }
}

/** Reads a TrueType font. @throws when it is none */
export const readTrueType = (bytes: Uint8Array): TrueType => {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.getUint32(0) !== 0x0001_0000) throw new Error('no TrueType font')
  const tables = tablesOf(file)
  const table = (tag: string): number => {
    const found = tables.get(tag)
    if (found === undefined) throw new Error(`the font has no table ${tag}`)
    return found.at
  }
  const [head, hhea, hmtx] = [table('head'), table('hhea'), table('hmtx')]
  const unit = 1000 / file.getUint16(head + 18)
  const signed = (at: number): number => Math.round(file.getInt16(at) * unit)
  const wide = file.getUint16(hhea + 34)
  return {
    file: bytes,
    ascent: signed(hhea + 4),
    descent: signed(hhea + 6),
    box: [signed(head + 36), signed(head + 38), signed(head + 40), signed(head + 42)],
    glyphOf: glyphsOf(file, charactersAt(file, table('cmap'))),
    // Behind the last one that is told, all are as wide.
    widthOf: (glyph) => file.getUint16(hmtx + Math.min(glyph, wide - 1) * 4) * unit,
  }
}
