import type { Paint, Tone } from './style.ts'
import { clip, displayWidth, padEnd, padStart, plain } from './width.ts'

export type Cell = string | { readonly text: string; readonly tone: Tone }
export type Column = {
  readonly title: string
  readonly right?: boolean
  /** Gives way when the table is too wide; never below this. */
  readonly shrinkTo?: number
}

const GAP = 2

const textOf = (cell: Cell | undefined): string => plain(typeof cell === 'string' ? cell : (cell?.text ?? ''))
const toneOf = (cell: Cell | undefined): Tone | undefined =>
  typeof cell === 'string' ? undefined : cell?.tone

/** Takes what is too much from the widest columns that may shrink. */
const narrowed = (
  natural: readonly number[],
  columns: readonly Column[],
  total: number,
): readonly number[] => {
  const widths = [...natural]
  let excess = widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1)) - total
  while (excess > 0) {
    let widest = -1
    for (const [index, column] of columns.entries()) {
      const width = widths[index] ?? 0
      if (column.shrinkTo !== undefined && width > column.shrinkTo && width > (widths[widest] ?? 0))
        widest = index
    }
    if (widest === -1) break
    widths[widest] = (widths[widest] ?? 0) - 1
    excess--
  }
  return widths
}

/** Lines of a table at most `total` columns wide, aligned by display width. */
export const table = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  total: number,
  paint: Paint,
): readonly string[] => {
  const natural = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(textOf(row[index])))),
  )
  const widths = narrowed(natural, columns, total)
  const line = (cells: readonly Cell[], tone?: Tone): string =>
    columns
      .map((column, index) => {
        const width = widths[index] ?? 0
        const text = clip(textOf(cells[index]), width)
        const last = index === columns.length - 1 && column.right !== true
        const padded = last ? text : column.right === true ? padStart(text, width) : padEnd(text, width)
        return paint(tone ?? toneOf(cells[index]), padded)
      })
      .join(' '.repeat(GAP))
      .trimEnd()
  return [
    line(
      columns.map((column) => column.title),
      'dim',
    ),
    ...rows.map((row) => line(row)),
  ]
}
