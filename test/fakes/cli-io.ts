import type { Environment, Io } from '../../agent/cli/io.ts'
import type { LineSurvey } from '../../agent/core/board/lines.ts'
import type { Outside, ServiceFacts } from '../../agent/core/doctor/outside.ts'
import { LoaError } from '../../agent/core/error.ts'

export type FakeIo = {
  readonly io: Io
  readonly out: () => string
  readonly err: () => string
  /** Presses a key. */
  readonly press: (key: string) => void
  /** Ctrl-C from outside. */
  readonly interrupt: () => void
  readonly resize: (columns: number, rows: number) => void
  /** The process ends without further ado. */
  readonly exit: () => void
}

export type FakeIoOptions = {
  readonly env?: Environment
  readonly terminal?: boolean
  readonly columns?: number
  readonly rows?: number
  readonly root?: string
  /** GPIO lines of the machine; no chips when absent. */
  readonly gpioLines?: LineSurvey
  /** What lies around the device; what was asked for is there and well when absent. */
  readonly outside?: Partial<Outside>
  /** What systemd says; nothing when absent. */
  readonly service?: ServiceFacts
  /** What is found in each database; they cannot be read when absent. */
  readonly database?: (path: string, inUse: boolean) => string | undefined
  readonly now?: number
  /** Standard input. */
  readonly input?: string
  /** Standard input is a terminal at which these lines are typed. */
  readonly lines?: readonly string[]
  /** A tone is wanted on this sound device. */
  readonly onTone?: (device: string) => void
  /** A broker is asked for a certificate; nobody answers. */
  readonly onAsked?: (url: string) => void
  /** Called after each piece of standard output. */
  readonly onOut?: (text: string) => void
}

/** The edge of the process, held in memory. */
export const fakeIo = (options: FakeIoOptions = {}): FakeIo => {
  const out: string[] = []
  const err: string[] = []
  const resizing = new Set<() => void>()
  const exiting = new Set<() => void>()
  const listeners = new Set<(key: string) => void>()
  let size = { columns: options.columns ?? 80, rows: options.rows ?? 24 }
  const interruption = new AbortController()
  const typed = [...(options.lines ?? [])]
  const io: Io = {
    asks: options.lines !== undefined,
    line: async () => typed.shift(),
    out: (text) => {
      out.push(text)
      options.onOut?.(text)
    },
    err: (text) => err.push(text),
    env: options.env ?? {},
    terminal: options.terminal ?? false,
    size: () => size,
    signal: interruption.signal,
    keys: (listener) => {
      listeners.add(listener)
      return { [Symbol.dispose]: () => listeners.delete(listener) }
    },
    resized: (listener) => {
      resizing.add(listener)
      return { [Symbol.dispose]: () => resizing.delete(listener) }
    },
    atExit: (listener) => {
      exiting.add(listener)
      return { [Symbol.dispose]: () => exiting.delete(listener) }
    },
    input: async function* () {
      yield Buffer.from(options.input ?? '')
    },
    now: () => options.now ?? Date.parse('2026-11-22T22:00:00Z'),
    root: options.root ?? '/nowhere',
    gpioLines: async () => options.gpioLines ?? { chips: [], unread: [] },
    outside: async ({ brokers, content }) => ({
      names: [],
      brokers: brokers.map((url) => ({ url, state: 'open' })),
      hosts: content.map((url) => ({ url, state: 'open' })),
      times: [],
      ...options.outside,
    }),
    service: async () => options.service ?? {},
    database: async (path, inUse) => options.database?.(path, inUse),
    askBroker: ({ url }) => {
      options.onAsked?.(url)
      return Promise.reject(new LoaError('BROKER', 'no network'))
    },
    playTone: async (audio) => options.onTone?.('device' in audio ? audio.device : audio.driver),
    showPattern: async ({ id }) => ({ ok: true, message: id }),
  }
  return {
    io,
    out: () => out.join(''),
    err: () => err.join(''),
    press: (key) => {
      for (const listener of listeners) listener(key)
    },
    interrupt: () => interruption.abort(),
    resize: (columns, rows) => {
      size = { columns, rows }
      for (const listener of resizing) listener()
    },
    exit: () => {
      for (const listener of exiting) listener()
    },
  }
}
