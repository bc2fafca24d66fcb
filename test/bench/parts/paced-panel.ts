import { SerialPort } from 'serialport'
import type { OpenPort } from '../../../drivers/serial/serial-link.ts'
import { inspectFrame } from '../../../drivers/signboard/adalight/frame.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { FakePort } from '../../fakes/pty.ts'

/** A frame as it was on the wire; times are those of `performance.now()`. */
export type WireFrame = { readonly strip: Uint8Array; readonly startAt: number; readonly endAt: number }

/**
 * An Adalight panel on a pty that reckons when a wire of `baud` would have carried what the kernel took, since a pty carries
 * it at once. What reads the pty may be late on a busy machine; a wire is not.
 */
export class PacedPanel implements AsyncDisposable {
  readonly frames: WireFrame[] = []
  readonly port: FakePort
  /** Milliseconds of a frame on the wire. */
  readonly frameMs: number
  readonly #scanner = new Scanner(inspectFrame)
  readonly #byteMs: number
  #freeAt = 0

  private constructor(port: FakePort, baud: number, frameBytes: number) {
    this.port = port
    this.#byteMs = 10_000 / baud
    this.frameMs = frameBytes * this.#byteMs
  }

  static async plugged(baud: number, frameBytes: number): Promise<PacedPanel> {
    const port = await FakePort.create(() => undefined)
    await port.plug()
    return new PacedPanel(port, baud, frameBytes)
  }

  /** Opens the port so that every write is noted when the kernel has taken it. */
  readonly openPort: OpenPort = ({ path, baudRate }) =>
    new Promise((resolve, reject) => {
      const port = new SerialPort({ path, baudRate, autoOpen: false })
      const write = port.write.bind(port)
      port.open((error) => {
        if (error !== null) {
          reject(error)
          return
        }
        resolve(
          Object.assign(port, {
            write: (bytes: Uint8Array, done: (failure: Error | null | undefined) => void): boolean =>
              write(Buffer.from(bytes), undefined, (failure) => {
                this.took(bytes)
                done(failure)
              }),
          }),
        )
      })
    })

  /** The kernel took these bytes just now. */
  took(bytes: Uint8Array): void {
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + bytes.length * this.#byteMs
    for (const strip of this.#scanner.feed(bytes))
      this.frames.push({ strip, startAt: this.#freeAt - this.frameMs, endAt: this.#freeAt })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.port[Symbol.asyncDispose]()
  }
}
