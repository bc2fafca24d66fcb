import { LoaError, messageOf } from '../../agent/core/error.ts'
import { HELP, readOptions } from './options.ts'
import { runDemo } from './run.ts'
import { createLiveScreen, createPlainScreen, type Screen } from './screen.ts'
import { summaryLines } from './summary-text.ts'

const out = (text: string): void => {
  process.stdout.write(text)
}
const note = (text: string): void => {
  process.stderr.write(text)
}

const createScreen = (json: boolean): Screen => {
  if (json) return createPlainScreen(note)
  if (!process.stdout.isTTY) return createPlainScreen(out)
  return createLiveScreen({
    write: out,
    columns: () => process.stdout.columns,
    // biome-ignore lint/style/noProcessEnv: the process edge is where the environment is read
    colored: (process.env['NO_COLOR'] ?? '') === '',
  })
}

const main = async (args: readonly string[]): Promise<number> => {
  const options = readOptions(args)
  if (options.help) {
    out(`${HELP}\n`)
    return 0
  }
  const stop = new AbortController()
  // A second signal meets Node's own behaviour and ends the demo at once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      stop.abort()
      // A second one does not wait for an orderly end; the agent is still told to go.
      process.once(signal, () => process.exit(1))
    })
  }
  using screen = createScreen(options.json)
  const print = (lines: readonly string[]): void => {
    screen.print(options.json ? [] : lines)
  }
  const summary = await runDemo(options, {
    screen,
    stop: stop.signal,
    print,
    onSummary: (found) => {
      if (options.json) out(`${JSON.stringify(found, undefined, 2)}\n`)
      else print(['', ...summaryLines(found), ''])
    },
  })
  return summary.ok ? 0 : 1
}

const args = process.argv.slice(2)
try {
  process.exitCode = await main(args)
} catch (error) {
  note(`demo: ${messageOf(error)}\n`)
  const misused = error instanceof LoaError && error.code === 'USAGE'
  if (!misused && args.includes('--json'))
    out(`${JSON.stringify({ ok: false, missing: [messageOf(error)] }, undefined, 2)}\n`)
  process.exitCode = misused ? 2 : 1
}
