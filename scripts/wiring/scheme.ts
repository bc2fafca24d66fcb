import { bold, box, document, line, plainText } from './svg.ts'
import { type Row, rowsOf } from './terminals.ts'
import type { Wiring } from './wires.ts'
import type { Both } from './words.ts'

const WIDTH = 1000
const MARGIN = 16
const TOP = 104
const PITCH = 36
const TEXT_ROW = 32
const GAP = 22
const BOARD = { left: MARGIN, right: 206 }
const DEVICE = { left: 330, right: 640 }
const BEYOND = { left: 692, right: WIDTH - MARGIN }
const RESISTOR = { x: 262, width: 14, height: 18 }

const LEGEND: Both = {
  vi: 'Mỗi đường là một dây. Ngắt điện trước khi nối. Phần điện 220 V do thợ điện làm.',
  en: 'Each line is a wire. Switch the power off before wiring. Mains voltage is for an electrician.',
}
const RESISTOR_TEXT = '10 kΩ'

const terminalY = (top: number, index: number): number => top + PITCH / 2 + index * PITCH

const heightOf = ({ terminals, device, beyond = [] }: Row): number =>
  Math.max(terminals.length * PITCH, Math.max(device.length, beyond.length) * TEXT_ROW + 12)

const words = (x: number, y: number, { vi, en }: Both): readonly string[] =>
  vi === en
    ? [bold(x, y + 5, vi, { size: 12.5 })]
    : [bold(x, y, vi, { size: 12.5 }), plainText(x, y + 13, en, { size: 11.5 })]

const boxed = (
  { left, right }: { readonly left: number; readonly right: number },
  top: number,
  height: number,
  texts: readonly Both[],
): readonly string[] => [
  box(left, top, right - left, height, 2),
  ...texts.flatMap((each, index) => words(left + 10, top + 19 + index * TEXT_ROW, each)),
]

/** Between the wires of a terminal and the one below it. */
const resistor = (top: number, index: number): readonly string[] => {
  const { x, width, height } = RESISTOR
  const [from, to] = [terminalY(top, index), terminalY(top, index + 1)]
  const middle = (from + to) / 2
  return [
    line(x, from, x, to, 1.5),
    box(x - width / 2, middle - height / 2, width, height, 1.5),
    plainText(x + width, middle + 4, RESISTOR_TEXT, { size: 11.5 }),
  ]
}

const rowMarks = (row: Row, top: number): readonly string[] => {
  const { terminals, device, beyond, resistorAt } = row
  const height = heightOf(row)
  const wires = terminals.flatMap((terminal, index) => {
    const y = terminalY(top, index)
    // A rail that only holds a resistor ends at it.
    const isRail = index === 0 && resistorAt === 0 && /3\.3/.test(terminal.en)
    return [
      ...words(BOARD.left + 10, y - 3, terminal),
      line(BOARD.right, y, isRail ? RESISTOR.x : DEVICE.left, y, 2),
    ]
  })
  const further =
    beyond === undefined
      ? []
      : [
          line(DEVICE.right, top + height / 2, BEYOND.left, top + height / 2, 2),
          ...boxed(BEYOND, top, height, beyond),
        ]
  return [
    ...boxed(DEVICE, top, height, device),
    ...wires,
    ...(resistorAt === undefined ? [] : resistor(top, resistorAt)),
    ...further,
  ]
}

/** Everything in the box of a receiver and what it is wired to, from the board file. Readable without colours. */
export const schemePicture = (wiring: Wiring): string => {
  const { board, header } = wiring
  const rows = rowsOf(wiring)
  const tops = rows.map((_, index) =>
    rows.slice(0, index).reduce((sum, row) => sum + heightOf(row) + GAP, TOP + 16),
  )
  const bottom = rows.reduce((sum, row) => sum + heightOf(row) + GAP, TOP + 16) - GAP + 16
  return document(WIDTH, bottom + MARGIN, `${board.name}: ${header.title}`, [
    bold(MARGIN, 34, header.title, { size: 22 }),
    plainText(WIDTH - MARGIN, 34, `board-configs/${board.name}.yaml`, {
      size: 13,
      anchor: 'end',
      mono: true,
    }),
    bold(MARGIN, 62, LEGEND.vi, { size: 13 }),
    plainText(MARGIN, 80, LEGEND.en, { size: 12 }),
    box(BOARD.left, TOP, BOARD.right - BOARD.left, bottom - TOP, 2.5),
    ...rows.flatMap((row, index) => rowMarks(row, tops[index] ?? TOP)),
  ])
}
