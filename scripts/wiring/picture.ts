import type { Pin } from '../../agent/core/board/header.ts'
import { bold, box, circle, document, line, plainText, square } from './svg.ts'
import type { Wire, Wiring } from './wires.ts'
import type { Both } from './words.ts'

const WIDTH = 960
const TOP = 108
const ROW = 40
const RADIUS = 13
const CENTRE = WIDTH / 2
const BOX = { width: 318, height: 34 }
const MARGIN = 16
const NAME_GAP = 13
const NAME_SIZE = 11
/** Of a monospaced letter: 0.6 of its size. */
const LETTER = 0.602 * NAME_SIZE
const NOTE_ROW = 40

type Side = -1 | 1

const sideOf = (number: number): Side => (number % 2 === 1 ? -1 : 1)
const pinX = (side: Side): number => CENTRE + side * 17
const rowY = (number: number): number => TOP + Math.floor((number - 1) / 2) * ROW + ROW / 2

const STROKE: Readonly<Record<Wire['kind'], { readonly width: number; readonly dash?: string }>> = {
  relay: { width: 3 },
  contact: { width: 1.5 },
  supply: { width: 1.5, dash: '6 4' },
  taken: { width: 1, dash: '2 3' },
}

const shape = (number: number, x: number, y: number, fill: string, width: number): string =>
  number === 1 ? square(x, y, RADIUS, fill, width) : circle(x, y, RADIUS, fill, width)

const FILL: Readonly<Record<Wire['kind'], string>> = {
  relay: '#000',
  contact: '#000',
  supply: '#fff',
  taken: '#ccc',
}

/** A pin with its number and its name outward of it. */
const pinMark = (pin: Pin, number: number, wire: Wire | undefined): readonly string[] => {
  const side = sideOf(number)
  const [x, y] = [pinX(side), rowY(number)]
  const fill = wire === undefined ? '#fff' : FILL[wire.kind]
  const anchor = side < 0 ? 'end' : 'start'
  return [
    shape(number, x, y, fill, wire === undefined ? 1 : 2.5),
    bold(x, y + 4, `${number}`, { size: 11, anchor: 'middle', color: fill === '#000' ? '#fff' : '#000' }),
    plainText(x + side * (RADIUS + NAME_GAP), y + 4, pin.name, { size: NAME_SIZE, anchor, mono: true }),
  ]
}

/** What a pin is wired to: a box at the margin, and the wire to the name of the pin. */
const wireMark = (pin: Pin, wire: Wire): readonly string[] => {
  const side = sideOf(wire.pin)
  const y = rowY(wire.pin)
  const left = side < 0 ? MARGIN : WIDTH - MARGIN - BOX.width
  const { width, dash } = STROKE[wire.kind]
  const inner = side < 0 ? left + BOX.width : left
  const name = pinX(side) + side * (RADIUS + NAME_GAP + 8 + pin.name.length * LETTER)
  return [
    line(inner, y, name, y, width, dash),
    box(left, y - BOX.height / 2, BOX.width, BOX.height, width, dash),
    bold(left + 8, y - 3, wire.vi, { size: 12.5 }),
    plainText(left + 8, y + 12, wire.en, { size: 11.5 }),
  ]
}

const outline = (rows: number): string => box(CENTRE - 36, TOP - 2, 72, rows * ROW + 4, 1.5)

/** A line of a file is the same in both languages. */
const noteHeight = ({ vi, en }: Both): number => (vi === en ? NOTE_ROW - 16 : NOTE_ROW)

const noteMarks = (notes: readonly Both[], top: number): readonly string[] =>
  notes.flatMap(({ vi, en }, index) => {
    const y = notes.slice(0, index).reduce((sum, note) => sum + noteHeight(note), top)
    return vi === en
      ? [plainText(MARGIN, y, vi, { size: 13, mono: true })]
      : [bold(MARGIN, y, vi, { size: 13 }), plainText(MARGIN, y + 16, en, { size: 12 })]
  })

const LEGEND: Both = {
  vi: 'Nhìn từ trên xuống, chân 1 là ô vuông. Đen: có nối dây; viền đậm: nguồn; xám: HAT chiếm; viền mảnh: còn trống.',
  en: 'Seen from above; pin 1 is the square one. Black: wired; thick ring: supply; grey: taken by the HAT; thin ring: free.',
}

/** The header of a board seen from above, with everything that its board file wires to it. Readable without colours. */
export const wiringPicture = ({ board, header, wires, elsewhere, powerOn }: Wiring): string => {
  const rows = header.pins.length / 2
  const notes = [...elsewhere, ...powerOn]
  const notesTop = TOP + rows * ROW + 40
  const marks = header.pins.flatMap((pin, index) => {
    const wire = wires.get(index + 1)
    return [...(wire === undefined ? [] : wireMark(pin, wire)), ...pinMark(pin, index + 1, wire)]
  })
  const height = notes.reduce((sum, note) => sum + noteHeight(note), notesTop)
  return document(WIDTH, height, `${board.name}: ${header.title}`, [
    bold(MARGIN, 34, `${header.title}`, { size: 22 }),
    plainText(WIDTH - MARGIN, 34, `board-configs/${board.name}.yaml`, {
      size: 13,
      anchor: 'end',
      mono: true,
    }),
    bold(MARGIN, 62, LEGEND.vi, { size: 13 }),
    plainText(MARGIN, 80, LEGEND.en, { size: 12 }),
    outline(rows),
    ...marks,
    ...noteMarks(notes, notesTop),
  ])
}
