import type { StatusReport } from '../../agent/core/status.ts'
import { clockTime } from './wall.ts'

export type Who = 'province' | 'agent' | 'relay' | 'sound' | 'sign' | 'record'

/** What the demo shows. Lines stay; the latest status is redrawn below them where there is a terminal. */
export type Screen = Disposable & {
  readonly tell: (who: Who, text: string) => void
  readonly show: (status: StatusReport | undefined, sign: string) => void
  /** What the LEDs of a sign show, where there are colours to show it. */
  readonly picture: (rows: readonly (readonly Dot[])[]) => void
  /** Lines as they are. */
  readonly print: (lines: readonly string[]) => void
}

/** Red, green, blue of one LED, 0 to 255. */
export type Dot = readonly [number, number, number]

type Write = (text: string) => void

const COLOR: Readonly<Record<Who, number>> = {
  province: 36,
  agent: 32,
  relay: 33,
  sound: 35,
  sign: 33,
  record: 34,
}

/** What others wrote must not steer the terminal. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')

const paint = (code: number, text: string, colored: boolean): string =>
  colored ? `\u001b[${code}m${text}\u001b[0m` : text

const lineOf = (who: Who, text: string, colored: boolean): string =>
  `${paint(2, clockTime(new Date()), colored)}  ${paint(COLOR[who], who.padEnd(8), colored)}  ${printable(text)}`

/** One line for each thing that happens, for files and pipes. */
export const createPlainScreen = (write: Write): Screen => ({
  tell: (who, text) => write(`${lineOf(who, text, false)}\n`),
  show: () => undefined,
  picture: () => undefined,
  print: (lines) => write(lines.map((line) => `${line}\n`).join('')),
  [Symbol.dispose]: () => undefined,
})

export type Terminal = { readonly write: Write; readonly columns: () => number; readonly colored: boolean }

const REDRAW_MS = 200
const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const CLEAR_LINE = '\u001b[2K'

/** Lines scroll by, and below them stands what the agent says of itself. */
export const createLiveScreen = ({ write, columns, colored }: Terminal): Screen => {
  let status: StatusReport | undefined
  let sign = ''
  let shownAt = 0
  let drawn = 0
  const erase = (): string => `${`\u001b[1A${CLEAR_LINE}`.repeat(drawn)}\r`
  const block = (): string => {
    if (status === undefined) return ''
    const lines = panel(status, sign, performance.now() - shownAt, columns())
    drawn = lines.length
    return lines.map((line) => `${line}\n`).join('')
  }
  const redraw = (line = ''): void => {
    const before = erase()
    drawn = 0
    write(`${before}${line}${block()}`)
  }
  write(HIDE_CURSOR)
  const timer = setInterval(redraw, REDRAW_MS)
  return {
    tell: (who, text) => redraw(`${clip(lineOf(who, text, colored), columns(), colored)}\n`),
    show: (latest, text) => {
      status = latest
      sign = text
      shownAt = performance.now()
    },
    picture: (rows) => {
      if (colored && (rows[0]?.length ?? 0) + INDENT < columns()) redraw(halfBlocks(rows))
    },
    print: (lines) => redraw(lines.map((line) => `${line}\n`).join('')),
    [Symbol.dispose]: () => {
      clearInterval(timer)
      write(`${erase()}${SHOW_CURSOR}`)
      drawn = 0
    },
  }
}

/** Escapes of colour take no room: three pairs stand in each coloured line. */
const ESCAPES = [...lineOf('sign', '', true)].length - [...lineOf('sign', '', false)].length

const clip = (line: string, width: number, colored: boolean): string => {
  const points = [...line]
  const room = width + (colored ? ESCAPES : 0)
  return points.length > room ? `${points.slice(0, room - 1).join('')}…` : line
}

const INDENT = 4
const NO_DOT: Dot = [0, 0, 0]

/** Two LEDs above each other share one character. */
const halfBlocks = (rows: readonly (readonly Dot[])[]): string => {
  const lines: string[] = []
  for (let row = 0; row < rows.length; row += 2) {
    const below = rows[row + 1] ?? []
    const cells = (rows[row] ?? []).map(
      (upper, column) =>
        `\u001b[38;2;${upper.join(';')}m\u001b[48;2;${(below[column] ?? NO_DOT).join(';')}m▀`,
    )
    lines.push(`${' '.repeat(INDENT)}${cells.join('')}\u001b[0m\n`)
  }
  return lines.join('')
}

const BAR = 30

const bar = (part: number): string => {
  const full = Math.round(Math.max(0, Math.min(1, part)) * BAR)
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`
}

const soundLine = ({ playing, next, at }: StatusReport, agoMs: number): string => {
  if (playing !== undefined) {
    const total = playing.durationSeconds ?? 0
    const position = Math.min(total, playing.positionSeconds + agoMs / 1000)
    return `${bar(position / Math.max(1, total))} ${position.toFixed(1)} of ${total.toFixed(1)} s`
  }
  const [coming] = next
  if (coming === undefined) return 'silent'
  const seconds = (Date.parse(coming.at) - Date.parse(at) - agoMs) / 1000
  return `${coming.item} in ${Math.max(0, seconds).toFixed(0)} s (${coming.armed ? 'armed' : 'not armed yet'})`
}

const panel = (status: StatusReport, sign: string, agoMs: number, width: number): readonly string[] => {
  const { state, health, clock, broker, media, outbox, amps } = status
  const relays = Object.entries(amps).map(([id, relay]) => `${id} ${relay === 'on' ? '● ON' : `○ ${relay}`}`)
  const lines = [
    '─'.repeat(width),
    `agent   ${state}, health ${health}, clock ${clock.state}, broker ${broker.connected ? 'connected' : 'NOT connected'}`,
    `media   ${media.present} of ${media.wanted} files ready   outbox ${outbox} records not acknowledged`,
    `sound   ${soundLine(status, agoMs)}`,
    `amp     ${relays.join(', ')}`,
    `sign    ${sign === '' ? '(dark)' : `▐ ${printable(sign)} ▌`}`,
  ]
  return lines.map((line) => clip(line, width, false))
}
