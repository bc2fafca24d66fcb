import { once } from 'node:events'
import type { Decoder, DecoderFormat, DecoderProcess } from '../ports/decoder.ts'
import { PcmIntake } from './pcm-intake.ts'

export type StreamDecoderEvents = {
  readonly onPcm: (samples: Int16Array) => void
  /** Once, unless it is closed first: everything it had to give was given. */
  readonly onEnd: () => void
}

/** A decoder that was fed this long and gives nothing does not understand what it is fed. */
const DEAF_MS = 4000

/** One decoder of a live source, from its first byte to its last. */
export class StreamDecoder {
  readonly #child: DecoderProcess
  readonly #intake: PcmIntake
  #closed = false
  #paused = false
  #deaf: NodeJS.Timeout | undefined

  /** @throws DECODER when the program cannot be started */
  constructor(decoder: Decoder, format: DecoderFormat, channels: 1 | 2, events: StreamDecoderEvents) {
    this.#child = decoder.spawn(format, channels, true)
    this.#intake = new PcmIntake(channels)
    const { stdin, stdout, exited } = this.#child
    stdout.on('data', (bytes: Buffer) => {
      this.#stopWatch()
      if (!this.#closed) events.onPcm(this.#intake.take(bytes))
    })
    // Both pipes break when the decoder ends, which `exited` tells.
    stdout.on('error', () => undefined)
    stdin.on('error', () => undefined)
    const drained = new Promise((resolve) => stdout.once('close', resolve).once('end', resolve))
    void Promise.all([drained, exited]).then(() => {
      this.#stopWatch()
      if (!this.#closed) events.onEnd()
    })
  }

  /** Resolves when more may be given; false when it takes no more. */
  async feed(bytes: Uint8Array): Promise<boolean> {
    const { stdin, exited } = this.#child
    if (this.#closed || stdin.destroyed || !stdin.writable) return false
    this.#startWatch()
    if (!stdin.write(bytes)) await Promise.race([once(stdin, 'drain').catch(() => undefined), exited])
    return !(this.#closed || stdin.destroyed)
  }

  /** Nothing more will be fed: it gives what it has left and ends. */
  finish(): void {
    this.#stopWatch()
    if (!this.#child.stdin.destroyed) this.#child.stdin.end()
  }

  /** Holds it on a full pipe. */
  pause(on: boolean): void {
    if (on === this.#paused || this.#closed) return
    this.#paused = on
    if (on) this.#stopWatch()
    if (on) this.#child.stdout.pause()
    else this.#child.stdout.resume()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stopWatch()
    this.#child.stdin.destroy()
    this.#child.stdout.destroy()
    this.#child.kill()
  }

  #startWatch(): void {
    if (this.#deaf === undefined && !this.#paused) this.#deaf = setTimeout(() => this.#child.kill(), DEAF_MS)
  }

  #stopWatch(): void {
    clearTimeout(this.#deaf)
    this.#deaf = undefined
  }
}
