import { setTimeout as wait } from 'node:timers/promises'
import { SerialPort } from 'serialport'
import { LoaError, messageOf } from '../../agent/core/error.ts'

export type SerialSettings = {
  /** A name that stays with the device, as in /dev/serial/by-id. */
  readonly path: string
  readonly baudRate: number
  readonly dataBits: 7 | 8
  readonly parity: 'none' | 'even'
  readonly stopBits: 1 | 2
  /** Least and most time between two attempts to open the port. */
  readonly retryMs: { readonly least: number; readonly most: number }
}

export type SerialHandlers = {
  /** The port was opened, for the first time or again; whatever was on the line before is lost. */
  readonly onOpen: () => void
  /** The port is gone or cannot be opened; called once until the next `onOpen`, and again when the reason changes. */
  readonly onDown: (reason: string) => void
  readonly onData: (bytes: Uint8Array) => void
}

/** A serial port that is opened again for ever, by its name. */
export interface SerialLink extends AsyncDisposable {
  /**
   * Resolves when the kernel has taken all bytes. One write at a time.
   * @throws SIGN when the port is not open, or took longer than `timeoutMs`: then it is closed and opened again
   */
  write(bytes: Uint8Array, timeoutMs: number): Promise<void>
}

/** The little of a `SerialPort` that a link needs. */
interface Port {
  readonly path: string
  readonly isOpen: boolean
  readonly closing: boolean
  write(bytes: Uint8Array, done: (error: Error | null | undefined) => void): boolean
  flush(done: () => void): void
  close(done: () => void): void
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'close', listener: (error: Error | null | undefined) => void): unknown
}
/** Tests put a simulated port in the place of a real one. */
export type OpenPort = (settings: SerialSettings) => Promise<Port>

/** Begins to open the port and keeps at it; what becomes of it is told to the handlers. */
export const openSerialLink = (
  settings: SerialSettings,
  handlers: SerialHandlers,
  openPort: OpenPort = openSerialPort,
): SerialLink => new ReopeningLink(settings, handlers, openPort)

const openSerialPort: OpenPort = ({ path, baudRate, dataBits, parity, stopBits }) =>
  new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate, dataBits, parity, stopBits, autoOpen: false })
    port.open((error) => (error === null ? resolve(port) : reject(error)))
  })

class ReopeningLink implements SerialLink {
  readonly #settings: SerialSettings
  readonly #handlers: SerialHandlers
  readonly #openPort: OpenPort
  readonly #ending = new AbortController()
  readonly #done: Promise<void>
  #port: Port | undefined
  #reason: string | undefined
  #failure: string | undefined

  constructor(settings: SerialSettings, handlers: SerialHandlers, openPort: OpenPort) {
    this.#settings = settings
    this.#handlers = handlers
    this.#openPort = openPort
    this.#done = this.#keepOpen()
  }

  async write(bytes: Uint8Array, timeoutMs: number): Promise<void> {
    const port = this.#port
    if (port === undefined) throw new LoaError('SIGN', this.#reason ?? 'the serial port is not open')
    const outcome = await writeWithin(port, bytes, timeoutMs)
    if (outcome === 'written') return
    // A write to an unplugged port never ends by itself, and no error comes either.
    this.#failure = `${this.#settings.path}: ${outcome}`
    abandonPort(port)
    throw new LoaError('SIGN', this.#failure)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    if (this.#port !== undefined) closePort(this.#port)
    await this.#done
  }

  async #keepOpen(): Promise<void> {
    const { least, most } = this.#settings.retryMs
    let waitMs = least
    while (!this.#ending.signal.aborted) {
      const begun = performance.now()
      await this.#openOnce()
      if (performance.now() - begun > most) waitMs = least
      await wait(waitMs, undefined, { signal: this.#ending.signal }).catch(ignoreEnd)
      waitMs = Math.min(waitMs * 2, most)
    }
  }

  /** Opens the port, if it can be, and stays until it is closed. */
  async #openOnce(): Promise<void> {
    const port = await this.#openPort(this.#settings).catch((error: unknown) => this.#down(messageOf(error)))
    if (port === undefined) return
    const closed = closeOf(port)
    port.on('data', (bytes) => this.#handlers.onData(bytes))
    if (this.#ending.signal.aborted) closePort(port)
    else this.#up(port)
    const reason = await closed
    this.#port = undefined
    this.#down(this.#failure ?? reason)
  }

  #up(port: Port): void {
    this.#port = port
    this.#reason = undefined
    this.#failure = undefined
    this.#handlers.onOpen()
  }

  #down(reason: string): undefined {
    if (this.#reason === reason || this.#ending.signal.aborted) return
    this.#reason = reason
    this.#handlers.onDown(reason)
  }
}

const ignoreEnd = (): void => undefined

/** Resolves with the reason when the port has been closed, by whomever. */
const closeOf = (port: Port): Promise<string> =>
  new Promise((resolve) => {
    port.on('error', (error) => {
      resolve(error.message)
      closePort(port)
    })
    port.on('close', (error: Error | null | undefined) =>
      resolve(error?.message ?? `${port.path} was closed`),
    )
  })

const closePort = (port: Port): void => {
  if (port.isOpen && !port.closing) port.close(() => undefined)
}

/** Closes without waiting for what the kernel still holds: it would wait half a minute for a line that takes nothing. */
const abandonPort = (port: Port): void => {
  if (port.isOpen && !port.closing) port.flush(() => closePort(port))
}

const writeWithin = async (port: Port, bytes: Uint8Array, timeoutMs: number): Promise<string> => {
  const late = new AbortController()
  const written = new Promise<string>((resolve) => {
    port.write(bytes, (error) => resolve(error == null ? 'written' : error.message))
  })
  const timedOut = wait(timeoutMs, `nothing was taken for ${timeoutMs} ms`, { signal: late.signal })
  timedOut.catch(ignoreEnd)
  const outcome = await Promise.race([written, timedOut])
  late.abort()
  return outcome
}
