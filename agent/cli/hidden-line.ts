import { spawnSync } from 'node:child_process'
import type { Io } from './io.ts'

const echo = (shown: boolean): void => {
  spawnSync('stty', [shown ? 'echo' : '-echo'], { stdio: ['inherit', 'ignore', 'ignore'] })
}

/**
 * A line of `io` that does not appear on the terminal while it is typed, such as a password. The terminal is told back
 * for what is asked next; should the process end before, Node gives it back as it was found. @see stty(1)
 */
export const hiddenLine = async (
  io: Pick<Io, 'asks' | 'line' | 'out' | 'signal'>,
): Promise<string | undefined> => {
  if (!io.asks) return io.line(io.signal)
  echo(false)
  try {
    return await io.line(io.signal)
  } finally {
    echo(true)
    io.out('\n')
  }
}
