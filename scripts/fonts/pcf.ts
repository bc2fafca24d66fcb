/** A glyph of a PCF file, placed in a cell of the font's height. */
export type PcfGlyph = {
  readonly codePoint: number
  readonly width: number
  readonly rows: readonly number[]
}
export type PcfFont = {
  readonly cellWidth: number
  /** Rows above the baseline. */
  readonly ascent: number
  readonly height: number
  readonly glyphs: readonly PcfGlyph[]
}

const TABLE = { metrics: 4, bitmaps: 8, encodings: 32, accelerators: 2, bdfAccelerators: 256 } as const
const NO_GLYPH = 0xffff
const COMPRESSED_METRICS = 0x100

type Table = { readonly format: number; readonly offset: number }
type Metrics = {
  readonly left: number
  readonly right: number
  readonly width: number
  readonly ascent: number
  readonly descent: number
}

/**
 * Reads the glyphs of an X11 PCF font.
 * @see https://fontforge.org/docs/techref/pcf-format.html
 */
export const readPcf = (bytes: Uint8Array): PcfFont => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, false) !== 0x01666370) throw new Error('not a PCF font')
  const tables = readTables(view)
  const { ascent, descent } = readAccelerators(view, tables)
  const metrics = readMetrics(view, tableOf(tables, TABLE.metrics))
  const bitmaps = bitmapReader(view, tableOf(tables, TABLE.bitmaps), metrics)
  const glyphs = readEncodings(view, tableOf(tables, TABLE.encodings)).map(([codePoint, index]) => {
    const own = metrics[index]
    if (own === undefined) throw new Error(`glyph ${index} has no metrics`)
    const blankAbove = Array.from({ length: ascent - own.ascent }, () => 0)
    const blankBelow = Array.from({ length: descent - own.descent }, () => 0)
    return { codePoint, width: own.width, rows: [...blankAbove, ...bitmaps(index), ...blankBelow] }
  })
  const cellWidth = glyphs.find((glyph) => glyph.codePoint === 0x20)?.width ?? 0
  return { cellWidth, ascent, height: ascent + descent, glyphs }
}

const readTables = (view: DataView): ReadonlyMap<number, Table> => {
  const tables = new Map<number, Table>()
  for (let i = 0; i < view.getUint32(4, true); i += 1) {
    const at = 8 + i * 16
    const type = view.getUint32(at, true)
    tables.set(type, { format: view.getUint32(at + 4, true), offset: view.getUint32(at + 12, true) })
  }
  return tables
}

const tableOf = (tables: ReadonlyMap<number, Table>, type: number): Table => {
  const table = tables.get(type)
  if (table === undefined) throw new Error(`the font has no table ${type}`)
  return table
}

/** Every table says in its format word whether its numbers are big-endian. */
const littleEndian = (table: Table): boolean => (table.format & 4) === 0

const readAccelerators = (view: DataView, tables: ReadonlyMap<number, Table>) => {
  const table = tables.get(TABLE.bdfAccelerators) ?? tableOf(tables, TABLE.accelerators)
  const little = littleEndian(table)
  return {
    ascent: view.getInt32(table.offset + 12, little),
    descent: view.getInt32(table.offset + 16, little),
  }
}

const readMetrics = (view: DataView, table: Table): readonly Metrics[] => {
  const little = littleEndian(table)
  const at = table.offset + 4
  if ((table.format & COMPRESSED_METRICS) !== 0) {
    return Array.from({ length: view.getUint16(at, little) }, (_, i) => {
      const field = (n: number) => view.getUint8(at + 2 + i * 5 + n) - 0x80
      return { left: field(0), right: field(1), width: field(2), ascent: field(3), descent: field(4) }
    })
  }
  return Array.from({ length: view.getUint32(at, little) }, (_, i) => {
    const field = (n: number) => view.getInt16(at + 4 + i * 12 + n * 2, little)
    return { left: field(0), right: field(1), width: field(2), ascent: field(3), descent: field(4) }
  })
}

/** Rows come back shifted into the glyph's cell: the highest of `width` bits is its leftmost column. */
const bitmapReader = (view: DataView, table: Table, metrics: readonly Metrics[]) => {
  const little = littleEndian(table)
  const highBitFirst = (table.format & 8) !== 0
  const padding = 1 << (table.format & 3)
  const count = view.getUint32(table.offset + 4, little)
  const data = table.offset + 8 + count * 4 + 16
  return (index: number): readonly number[] => {
    const own = metrics[index]
    if (own === undefined) throw new Error(`glyph ${index} has no metrics`)
    const start = data + view.getUint32(table.offset + 8 + index * 4, little)
    const stride = Math.ceil((own.right - own.left) / (8 * padding)) * padding
    const lit = (x: number, y: number) => {
      const byte = view.getUint8(start + y * stride + (x >> 3))
      return (byte >> (highBitFirst ? 7 - (x & 7) : x & 7)) & 1
    }
    return Array.from({ length: own.ascent + own.descent }, (_, y) => {
      let row = 0
      for (let x = 0; x < own.right - own.left; x += 1) {
        const column = own.left + x
        if (lit(x, y) === 1 && column >= 0 && column < own.width) row += 2 ** (own.width - 1 - column)
      }
      return row
    })
  }
}

const readEncodings = (view: DataView, table: Table): readonly (readonly [number, number])[] => {
  const little = littleEndian(table)
  const field = (n: number) => view.getUint16(table.offset + 4 + n * 2, little)
  const [lowFirst, lowLast, highFirst, highLast] = [field(0), field(1), field(2), field(3)]
  const found: [number, number][] = []
  let at = table.offset + 14
  for (let high = highFirst; high <= highLast; high += 1) {
    for (let low = lowFirst; low <= lowLast; low += 1, at += 2) {
      const glyph = view.getUint16(at, little)
      if (glyph !== NO_GLYPH) found.push([high * 256 + low, glyph])
    }
  }
  return found
}
