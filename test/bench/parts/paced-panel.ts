import { SerialPort } from 'serialport'
import type { OpenPort } from '../../../drivers/serial/serial-link.ts'
import { inspectFrame } from '../../../drivers/signboard/adalight/frame.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { FakePort } from '../../fakes/pty.ts'

const MAGIC = Buffer.from('Ada')
const HEADER_BYTES = 6
const BYTES_PER_LED = 3

/** What the kernel took at once: when the wire begins to carry it, and where in its frame it begins. */
type Piece = { readonly bytes: Uint8Array; readonly startAt: number; readonly offset: number }

/** A frame as it was on the wire; times are those of `performance.now()`. */
export type WireFrame = { readonly strip: Uint8Array; readonly startAt: number; readonly endAt: number }

/**
 * An Adalight panel on a pty that reckons when a wire of `baud` would have carried what the kernel took, since a pty carries
 * it at once. What reads the pty may be late on a busy machine; a wire is not.
 */
export class PacedPanel implements AsyncDisposable {
  readonly frames: WireFrame[] = []
  readonly pieces: Piece[] = []
  readonly port: FakePort
  /** Milliseconds of a frame on the wire. */
  readonly frameMs: number
  readonly #scanner = new Scanner(inspectFrame)
  readonly #byteMs: number
  #freeAt = 0
  #offset = 0

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

  /** When the wire begins to carry the first LED of this colour. */
  litAt([red, green, blue]: readonly [number, number, number]): number | undefined {
    for (const { bytes, startAt, offset } of this.pieces) {
      const first = (((HEADER_BYTES - offset) % BYTES_PER_LED) + BYTES_PER_LED) % BYTES_PER_LED
      for (let i = Math.max(first, HEADER_BYTES - offset); i + 2 < bytes.length; i += BYTES_PER_LED)
        if (bytes[i] === red && bytes[i + 1] === green && bytes[i + 2] === blue)
          return startAt + i * this.#byteMs
    }
    return undefined
  }

  /** The kernel took these bytes just now. */
  took(bytes: Uint8Array): void {
    const startAt = Math.max(this.#freeAt, performance.now())
    this.#offset = MAGIC.equals(bytes.subarray(0, MAGIC.length)) ? 0 : this.#offset
    this.pieces.push({ bytes, startAt, offset: this.#offset })
    this.#offset += bytes.length
    this.#freeAt = startAt + bytes.length * this.#byteMs
    for (const strip of this.#scanner.feed(bytes))
      this.frames.push({ strip, startAt: this.#freeAt - this.frameMs, endAt: this.#freeAt })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.port[Symbol.asyncDispose]()
  }
}
