import { readFileSync } from 'node:fs'
import { createQrCode } from '../../agent/adapters/qr/qr-code.ts'
import { LoaError } from '../../agent/core/error.ts'
import { PAGE, type Page, pdfOf } from './pdf/document.ts'
import { readTrueType, type TrueType } from './pdf/true-type.ts'

export type LabelText = {
  readonly id: string
  readonly province: string
  readonly commune: string
  readonly label: string
  readonly board: string
}
/** Labels beside and below each other on a sheet. */
export type Grid = { readonly columns: number; readonly rows: number }

const FONT = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'
/** What no printer prints on. */
const MARGIN = 8
const PADDING = 2.5
const SIZES = { id: 5, label: 3.2, place: 2.6 } as const
/** Modules of white that a reader wants round a code. */
const QUIET = 4
const SMALLEST_CODE = 12

/** What the code on a label says: id, place, and where it hangs. Never a secret: everybody can read it. */
export const labelCode = ({ id, province, commune, label }: LabelText): string =>
  [id, `${province}/${commune}`, label].join('\n')

/** @throws IO when the font is not installed */
export const labelFont = (file = FONT): TrueType => {
  try {
    return readTrueType(readFileSync(file))
  } catch (cause) {
    throw new LoaError('IO', `no font for labels at ${file}: apt-get install fonts-dejavu-core`, {
      cause,
    })
  }
}

/** Lines of words, each no wider than that; what does not fit into so many lines is cut with a sign of it. */
export const linesOf = (
  text: string,
  width: number,
  most: number,
  measure: (text: string) => number,
): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || measure(longer) <= width) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  lines.push(line)
  const kept = lines.slice(0, most)
  return kept.map((each, i) => {
    const isCut = (i === most - 1 && lines.length > most) || measure(each) > width
    if (!isCut) return each
    const letters = [...each]
    while (letters.length > 1 && measure(`${letters.join('')}…`) > width) letters.pop()
    return `${letters.join('')}…`
  })
}

const drawCode = (page: Page, x: number, y: number, side: number, text: string): void => {
  const { size, dark } = createQrCode(text)
  const module = side / (size + 2 * QUIET)
  const at = (index: number): number => (index + QUIET) * module
  const cells = dark.flatMap((isDark, i) =>
    isDark ? [{ x: x + at(i % size), y: y + at(Math.floor(i / size)), width: module, height: module }] : [],
  )
  page.rectangles(cells)
}

const drawLabel = (
  page: Page,
  x: number,
  y: number,
  width: number,
  height: number,
  text: LabelText,
): void => {
  page.frame(x, y, width, height)
  const side = Math.min(height - 1, width / 2)
  drawCode(page, x + 0.5, y + (height - side) / 2, side, labelCode(text))
  const left = x + side + 1.5
  const room = x + width - PADDING - left
  const fitting = (words: string, size: number): number =>
    Math.min(size, (size * room) / page.width(words, size))
  let line = y + PADDING + SIZES.id
  page.text(left, line, fitting(text.id, SIZES.id), text.id)
  for (const words of linesOf(text.label, room, 4, (each) => page.width(each, SIZES.label))) {
    line += SIZES.label * 1.35
    page.text(left, line, SIZES.label, words)
  }
  const place = `Tỉnh ${text.province} · Xã ${text.commune}`
  page.text(left, y + height - PADDING, fitting(place, SIZES.place), place)
}

/** A4 sheets with a label for each receiver: its code, id, and where it hangs. @throws USAGE when a code would be too small */
export const labelSheet = (
  labels: readonly LabelText[],
  { columns, rows }: Grid,
  font: TrueType,
): Uint8Array => {
  const width = (PAGE.width - 2 * MARGIN) / columns
  const height = (PAGE.height - 2 * MARGIN) / rows
  if (Math.min(height - 1, width / 2) < SMALLEST_CODE)
    throw new LoaError(
      'USAGE',
      `${columns}x${rows} labels on a sheet leave no room for a code that a telephone reads`,
    )
  return pdfOf(font, (newPage) => {
    for (let first = 0; first < labels.length; first += columns * rows) {
      const page = newPage()
      for (const [i, text] of labels.slice(first, first + columns * rows).entries()) {
        const x = MARGIN + (i % columns) * width
        const y = MARGIN + Math.floor(i / columns) * height
        drawLabel(page, x, y, width, height, text)
      }
    }
  })
}
