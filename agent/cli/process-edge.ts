import type { Io } from './io.ts'
import { createLineReader } from './line-reader.ts'
import { runCommand } from './run.ts'

const keys = (listener: (key: string) => void): Disposable => {
  const { stdin } = process
  if (!stdin.isTTY) return { [Symbol.dispose]: () => undefined }
  const onData = (data: Buffer): void => listener(data.toString('utf8'))
  stdin.setRawMode(true)
  stdin.on('data', onData)
  return {
    [Symbol.dispose]: () => {
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
    },
  }
}

const resized = (listener: () => void): Disposable => {
  process.stdout.on('resize', listener)
  return { [Symbol.dispose]: () => void process.stdout.off('resize', listener) }
}

const atExit = (listener: () => void): Disposable => {
  process.on('exit', listener)
  return { [Symbol.dispose]: () => void process.off('exit', listener) }
}

/** Whoever reads our output may stop at any line (`loa log | head`); that is no fault. */
const leaveQuietlyOnBrokenPipe = (): void => {
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  }
  process.stdout.on('error', onError)
  process.stderr.on('error', onError)
}

const interrupted = (): AbortSignal => {
  const controller = new AbortController()
  const onSignal = (): void => {
    // A second one ends the process at once.
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    controller.abort()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return controller.signal
}

/** Each look of `loa doctor` at what may hang: with the start of Node all of it is over in three seconds. */
const LOOK_WITHIN_MS = 2000

/** The `loa` command: arguments in, exit code out. */
export const main = async (): Promise<void> => {
  leaveQuietlyOnBrokenPipe()
  const io: Io = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    // The global: to import node:process fills in everything it has, standard input too, and takes milliseconds of each answer.
    // biome-ignore lint/style/noProcessEnv: the process edge is where the environment is read
    env: process.env,
    terminal: process.stdout.isTTY === true,
    size: () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 }),
    signal: interrupted(),
    keys,
    // To look at standard input opens it, which takes milliseconds of each answer.
    get asks() {
      return process.stdin.isTTY === true
    },
    line: createLineReader(() => process.stdin),
    resized,
    atExit,
    input: () => process.stdin,
    now: () => Date.now(),
    root: '',
    gpioLines: async () => (await import('../../drivers/gpio/survey.ts')).surveyMachine(),
    outside: async (targets) =>
      (await import('../adapters/probe/outside.ts')).lookOutside(targets, {
        withinMs: LOOK_WITHIN_MS,
        now: () => Date.now(),
      }),
    service: async (properties) => (await import('../adapters/probe/service.ts')).askService(properties),
    database: async (path, inUse) =>
      (await import('../adapters/sqlite/look-at-database.ts')).lookAtDatabase(path, inUse, LOOK_WITHIN_MS),
    askBroker: async (question) => (await import('../adapters/mqtt/ask-once.ts')).askOnce(question),
    playTone: async (audio, signal) => (await import('../../drivers/try-out.ts')).playTone(audio, signal),
    showPattern: async (sign, seconds, signal) =>
      (await import('../../drivers/try-out.ts')).showPattern(sign, seconds, signal),
  }
  process.exitCode = await runCommand(process.argv.slice(2), io)
}
