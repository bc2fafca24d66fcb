import type { DeviceRow } from './monitor-row.ts'

const WIDTHS = [15, 7, 12, 13, 13, 6, 4, 3] as const
const TITLES = ['device', 'state', 'health', 'playing', 'next', 'clock', 'out', 'age']

/** What a device sends is not ours: nothing of it may steer the terminal. */
const printable = (value: string): string => value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')

const cell = (value: string, width: number): string => {
  const points = [...printable(value)]
  return points.length > width ? `${points.slice(0, width - 1).join('')}…` : points.join('').padEnd(width)
}

const age = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 100) return `${seconds}s`
  if (seconds < 100 * 60) return `${Math.floor(seconds / 60)}m`
  return seconds < 100 * 3600 ? `${Math.floor(seconds / 3600)}h` : 'old'
}

const next = (row: DeviceRow, timeZone: string): string => {
  if (row.next === undefined) return '-'
  const at = new Date(row.next.at)
  const time = Number.isNaN(at.getTime())
    ? '?'
    : at.toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
  return `${time}${row.next.armed ? '' : '!'} ${row.next.item}`
}

/** Two boards under one id come before whatever either of them complains of. */
const healthOf = ({ cloned, problems, health }: DeviceRow): string =>
  cloned === true ? 'TWO BOARDS' : (problems[0] ?? health ?? '-')

const line = (cells: readonly string[]): string =>
  cells
    .map((value, i) => cell(value, WIDTHS[i] ?? 0))
    .join(' ')
    .trimEnd()

/** One line a device, 80 columns at most, the title first. `!` after a time: not everything for that item is there yet. */
export const formatTable = (
  rows: readonly DeviceRow[],
  now: number,
  timeZone = 'Asia/Ho_Chi_Minh',
): readonly string[] => [
  line(TITLES),
  ...rows.map((row) =>
    line([
      row.device,
      row.state,
      healthOf(row),
      row.item ?? '-',
      next(row, timeZone),
      row.clock ?? '-',
      row.outbox === undefined ? '-' : String(row.outbox),
      age(now - row.heardAt),
    ]),
  ),
]
