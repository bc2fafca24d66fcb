import type { Io } from '../io.ts'

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[H'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const CLEAR_LINE_END = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'

export type Screen = Disposable & {
  /** Puts lines over what is there, without clearing first: no flicker. What does not fit is left out. */
  draw(lines: readonly string[]): void
}

/** The alternate screen of the terminal; what was there before is back after disposal. */
export const openScreen = (io: Io): Screen => {
  io.out(ENTER)
  return {
    draw: (lines) => {
      const { rows } = io.size()
      const shown = lines.slice(0, rows).map((line) => `${line}${CLEAR_LINE_END}`)
      io.out(`\u001b[H${shown.join('\r\n')}${shown.length < rows ? CLEAR_BELOW : ''}`)
    },
    [Symbol.dispose]: () => io.out(LEAVE),
  }
}
