import { deflateSync } from 'node:zlib'
import type { TrueType } from './true-type.ts'

const POINTS_PER_MM = 72 / 25.4
/** A4, in millimetres. */
export const PAGE = { width: 210, height: 297 } as const

const number = (value: number): string => String(Math.round(value * 1000) / 1000)
const hex = (value: number): string => value.toString(16).padStart(4, '0')

/** One page that is drawn on. Millimetres from the top left corner; text sizes too. */
export class Page {
  readonly #font: TrueType
  readonly #used: Map<number, string>
  #operators = ''

  constructor(font: TrueType, used: Map<number, string>) {
    this.#font = font
    this.#used = used
  }

  get content(): string {
    return this.#operators
  }

  /** How wide a text is. */
  width(text: string, size: number): number {
    return [...text].reduce((sum, letter) => sum + this.#font.widthOf(this.#glyph(letter)), 0) * (size / 1000)
  }

  /** Writes a text whose base line is at `y`. */
  text(x: number, y: number, size: number, text: string): void {
    const glyphs = [...text].map((letter) => {
      const glyph = this.#glyph(letter)
      if (!this.#used.has(glyph)) this.#used.set(glyph, letter)
      return hex(glyph)
    })
    this.#operators += `BT /F1 ${number(size * POINTS_PER_MM)} Tf ${this.#at(x, y)} Td <${glyphs.join('')}> Tj ET\n`
  }

  /** Black; corners in whole modules of a code must touch, so one path is filled at once. */
  rectangles(all: readonly { x: number; y: number; width: number; height: number }[]): void {
    for (const { x, y, width, height } of all)
      this.#operators += `${this.#at(x, y + height)} ${number(width * POINTS_PER_MM)} ${number(height * POINTS_PER_MM)} re\n`
    this.#operators += 'f\n'
  }

  /** A thin grey line round a label, along which it is cut. */
  frame(x: number, y: number, width: number, height: number): void {
    this.#operators += `q 0.7 G 0.3 w ${this.#at(x, y + height)} ${number(width * POINTS_PER_MM)} ${number(height * POINTS_PER_MM)} re S Q\n`
  }

  #at(x: number, y: number): string {
    return `${number(x * POINTS_PER_MM)} ${number((PAGE.height - y) * POINTS_PER_MM)}`
  }

  #glyph(letter: string): number {
    return this.#font.glyphOf(letter.codePointAt(0) ?? 0)
  }
}

const stream = (dictionary: string, content: Uint8Array | string): Buffer => {
  const packed = deflateSync(content, { level: 9 })
  const head = `<< ${dictionary} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), packed, Buffer.from('\nendstream', 'latin1')])
}

/** By which text is found and copied. @see PDF 32000-1, 9.10.3 */
const toUnicode = (used: ReadonlyMap<number, string>): string => {
  const lines = [...used].map(([glyph, letter]) => {
    const units = Array.from({ length: letter.length }, (_, i) => hex(letter.charCodeAt(i)))
    return `<${hex(glyph)}> <${units.join('')}>`
  })
  // At most a hundred in one block.
  const blocks = Array.from({ length: Math.ceil(lines.length / 100) }, (_, i) => {
    const block = lines.slice(i * 100, i * 100 + 100)
    return `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`
  })
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Letters def /CMapType 2 def',
    '1 begincodespacerange <0000> <ffff> endcodespacerange',
    ...blocks,
    'endcmap CMapName currentdict /CMap defineresource pop end end',
  ].join('\n')
}

const FONT_OBJECTS = 5

/** Numbers of the objects: catalogue 1, pages 2, font 3 to 7, then two for each page. */
const fontObjects = (font: TrueType, used: ReadonlyMap<number, string>): readonly (Buffer | string)[] => {
  const widths = [...used.keys()].map((glyph) => `${glyph} [${Math.round(font.widthOf(glyph))}]`)
  return [
    '<< /Type /Font /Subtype /Type0 /BaseFont /Label /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 7 0 R >>',
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Label /CIDToGIDMap /Identity /FontDescriptor 5 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [${widths.join(' ')}] >>`,
    `<< /Type /FontDescriptor /FontName /Label /Flags 4 /FontBBox [${font.box.join(' ')}] /ItalicAngle 0 /Ascent ${font.ascent} /Descent ${font.descent} /CapHeight ${font.ascent} /StemV 80 /FontFile2 6 0 R >>`,
    stream(`/Length1 ${font.file.length}`, font.file),
    stream('', toUnicode(used)),
  ]
}

const written = (objects: readonly (Buffer | string)[]): Uint8Array => {
  const parts: Buffer[] = [Buffer.from('%PDF-1.5\n%\xE2\xE3\xCF\xD3\n', 'latin1')]
  const places: number[] = []
  let at = parts[0]?.length ?? 0
  const add = (part: Buffer): void => {
    parts.push(part)
    at += part.length
  }
  for (const [i, object] of objects.entries()) {
    places.push(at)
    add(Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]))
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  add(
    Buffer.from(
      `xref\n0 ${count}\n0000000000 65535 f \n${table}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

/** A PDF of pages in one font, which is put into it whole, so that it prints the same everywhere. @see ISO 32000-1 */
export const pdfOf = (font: TrueType, draw: (newPage: () => Page) => void): Uint8Array => {
  const used = new Map<number, string>()
  const pages: Page[] = []
  draw(() => {
    const page = new Page(font, used)
    pages.push(page)
    return page
  })
  const first = 2 + FONT_OBJECTS + 1
  const size = `[0 0 ${number(PAGE.width * POINTS_PER_MM)} ${number(PAGE.height * POINTS_PER_MM)}]`
  const kids = pages.map((_, i) => `${first + i * 2} 0 R`).join(' ')
  return written([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`,
    ...fontObjects(font, used),
    ...pages.flatMap((page, i) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox ${size} /Resources << /Font << /F1 3 0 R >> >> /Contents ${first + i * 2 + 1} 0 R >>`,
      stream('', page.content),
    ]),
  ])
}
