import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** A line from the terminal that does not appear on it, such as a password; undefined at its end and by Ctrl-C. */
export const hiddenLine = (signal: AbortSignal): Promise<string | undefined> =>
  new Promise((resolve) => {
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
    const terminal = createInterface({
      input: process.stdin,
      output: nowhere,
      terminal: true,
      historySize: 0,
    })
    let typed: string | undefined
    const onAbort = (): void => terminal.close()
    terminal.once('line', (line) => {
      typed = line
      terminal.close()
    })
    terminal.once('SIGINT', onAbort)
    terminal.once('close', () => {
      signal.removeEventListener('abort', onAbort)
      process.stdout.write('\n')
      resolve(typed)
    })
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
