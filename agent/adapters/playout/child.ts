import { type ChildProcess, spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import type { PlayoutReport } from '../../ports/playout.ts'
import type { StreamRelay } from '../../ports/stream-relay.ts'
import type { PlayoutAnswerMessage, PlayoutOrderMessage } from '../../wire/playout.ts'
import { type ReadMedia, serveMedia } from './media-server.ts'

/** Small before fast, but with the compilers: without them mixing takes twice the time. */
const NODE_FLAGS = [
  '--max-semi-space-size=1',
  '--max-old-space-size=32',
  '--optimize-for-size',
  '--disable-proto=delete',
]
const MEDIA_FD = 4
/** Kept of what the child says on standard error, for the reason of its death. */
const STDERR_BYTES = 4096

export type ChildProgram = {
  /** The file of the playout process: `dist/agent/playout/main.js`. */
  readonly entry: string
  /** Its environment; that of the agent when absent. */
  readonly env?: Readonly<Record<string, string>>
}

export type ChildEvents = {
  readonly onReady: () => void
  readonly onPong: (n: number) => void
  readonly onReport: (report: PlayoutReport) => void
  /** Once; `message` says how it ended. */
  readonly onExit: (message: string) => void
}

/**
 * A playout process that waits: until it is configured it touches neither lines nor devices, and it ends with this process.
 * To start Node takes longer than anything else between an alarm and its siren.
 */
export const startPlayoutProcess = ({ entry, env }: ChildProgram): ChildProcess => {
  const child = spawn(process.execPath, [...NODE_FLAGS, entry], {
    ...(env === undefined ? {} : { env }),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
  })
  // Without a listener it would end the agent; `PlayoutChild` sees for itself that it is dead.
  child.on('error', () => undefined)
  return child
}

const isDead = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null

/** One life of the playout process. */
export class PlayoutChild {
  readonly #process: ChildProcess
  #stderr = ''

  constructor(process: ChildProcess, readMedia: ReadMedia, streams: StreamRelay, events: ChildEvents) {
    this.#process = process
    const pipe = this.#process.stdio[MEDIA_FD]
    if (pipe instanceof Duplex) serveMedia(pipe, readMedia, streams)
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_BYTES)
    })
    this.#process.on('message', (message: PlayoutAnswerMessage<PlayoutReport>) => {
      if (message.say === 'ready') events.onReady()
      else if (message.say === 'pong') events.onPong(message.n)
      else events.onReport(message.report)
    })
    let gone = false
    const exit = (message: string): void => {
      if (!gone) events.onExit(message)
      gone = true
    }
    // One that was started ahead may have died before anybody listened.
    if (isDead(process)) setImmediate(() => exit('playout ended before it was configured'))
    this.#process.on('error', (error) => exit(`playout cannot be started: ${error.message}`))
    this.#process.on('close', (code, signal) => {
      const last = this.#stderr.trim().split('\n').at(-1) ?? ''
      exit(`playout ended with ${signal ?? `code ${code}`}${last === '' ? '' : `: ${last}`}`)
    })
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Nothing is sent to a process that is gone; its exit is reported by `onExit`. */
  send(message: PlayoutOrderMessage): void {
    if (this.#process.connected) this.#process.send(message, () => undefined)
  }

  kill(): void {
    this.#process.kill('SIGKILL')
  }
}
