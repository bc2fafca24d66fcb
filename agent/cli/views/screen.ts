import type { Io } from '../io.ts'

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J'
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'
/** A terminal that knows it shows what lies between at once; others pass it over. */
const BEGIN = '\u001b[?2026h'
const END = '\u001b[?2026l'
const CLEAR_ALL = '\u001b[2J'
const CLEAR_LINE_END = '\u001b[K'

export type Screen = Disposable & {
  /** Puts lines over what is there: only those that changed, in one piece. What does not fit is left out. */
  draw(lines: readonly string[]): void
}

/** The alternate screen of the terminal; what was there before is back after disposal, and when the process ends otherwise. */
export const openScreen = (io: Io): Screen => {
  let drawn: readonly string[] = []
  let drawnFor = io.size()
  const leave = (): void => io.out(LEAVE)
  const exiting = io.atExit(leave)
  io.out(ENTER)
  return {
    draw: (lines) => {
      const size = io.size()
      const anew = size.columns !== drawnFor.columns || size.rows !== drawnFor.rows
      if (anew) drawn = []
      const shown = Array.from(
        { length: Math.max(drawn.length, Math.min(lines.length, size.rows)) },
        (_, row) => (row < size.rows ? (lines[row] ?? '') : ''),
      )
      const changed = shown.flatMap((line, row) =>
        line === drawn[row] ? [] : [`\u001b[${row + 1};1H${line}${CLEAR_LINE_END}`],
      )
      drawn = shown
      drawnFor = size
      if (changed.length > 0) io.out(`${BEGIN}${anew ? CLEAR_ALL : ''}${changed.join('')}${END}`)
    },
    [Symbol.dispose]: () => {
      exiting[Symbol.dispose]()
      leave()
    },
  }
}
