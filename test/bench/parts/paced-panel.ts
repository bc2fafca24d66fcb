import { inspectFrame } from '../../../drivers/signboard/adalight/frame.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'
import { FakePort } from '../../fakes/pty.ts'

/** A frame as it was on the wire; times are those of `performance.now()`. */
export type WireFrame = { readonly strip: Uint8Array; readonly startAt: number; readonly endAt: number }

/** An Adalight panel on a pty that reckons when a wire of `baud` would have carried what comes, since a pty carries it at once. */
export class PacedPanel implements AsyncDisposable {
  readonly frames: WireFrame[] = []
  readonly port: FakePort
  readonly #scanner = new Scanner(inspectFrame)
  readonly #byteMs: number
  readonly #frameMs: number
  #freeAt = 0

  private constructor(
    port: (take: (bytes: Uint8Array) => void) => FakePort,
    baud: number,
    frameBytes: number,
  ) {
    this.#byteMs = 10_000 / baud
    this.#frameMs = frameBytes * this.#byteMs
    this.port = port((bytes) => this.#take(bytes))
  }

  static async plugged(baud: number, frameBytes: number): Promise<PacedPanel> {
    let taker: (bytes: Uint8Array) => void = () => undefined
    const port = await FakePort.create((bytes) => taker(bytes))
    const panel = new PacedPanel(
      (take) => {
        taker = take
        return port
      },
      baud,
      frameBytes,
    )
    await port.plug()
    return panel
  }

  /** Milliseconds of a frame on the wire. */
  get frameMs(): number {
    return this.#frameMs
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.port[Symbol.asyncDispose]()
  }

  #take(bytes: Uint8Array): void {
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + bytes.length * this.#byteMs
    for (const strip of this.#scanner.feed(bytes))
      this.frames.push({ strip, startAt: this.#freeAt - this.#frameMs, endAt: this.#freeAt })
  }
}
