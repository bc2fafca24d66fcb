import type { Speaker } from 'speaker'
import { LoaError, messageOf } from '../../../agent/core/error.ts'
import type { Handed } from './played-estimate.ts'

const CLOSE_WITHIN_MS = 1000

export type SpeakerSetup = {
  /** Its name, for messages. */
  readonly device: string
  readonly open: () => Speaker
  readonly channels: number
  /** Most frames of one write. */
  readonly pieceFrames: number
  /** CLOCK_MONOTONIC. */
  readonly nowNs: () => bigint
}

/**
 * Hands frames to the package, one write at a time: closing it under a write would end the process. It has no way to
 * throw frames away but to be closed; then another is opened.
 */
export class SpeakerFeed implements AsyncDisposable {
  readonly #device: string
  readonly #open: () => Speaker
  readonly #channels: number
  readonly #pieceFrames: number
  readonly #nowNs: () => bigint
  #speaker: Speaker | undefined
  #queue: Int16Array[] = []
  #startNs: bigint | undefined
  #accepted = 0
  #inFlight: Handed['inFlight']
  #busy = false
  #stale = false
  #closing = false
  readonly #closed = Promise.withResolvers<void>()
  readonly #opened = Promise.withResolvers<void>()
  #failure: LoaError | undefined

  constructor(setup: SpeakerSetup) {
    this.#device = setup.device
    this.#open = setup.open
    this.#channels = setup.channels
    this.#pieceFrames = setup.pieceFrames
    this.#nowNs = setup.nowNs
    this.#opened.promise.catch(() => undefined)
    this.#turn()
  }

  /** Resolves when the device is open. @throws AUDIO_DEVICE when it cannot be opened */
  get opened(): Promise<void> {
    return this.#opened.promise
  }

  /** What the device has been handed since the last `drop`. @throws AUDIO_DEVICE when it is gone */
  handed(): Handed {
    if (this.#failure !== undefined) throw this.#failure
    return { startNs: this.#startNs, accepted: this.#accepted, inFlight: this.#inFlight }
  }

  give(frames: Int16Array): void {
    if (frames.length === 0) return
    this.#queue.push(frames.slice())
    // A start with next to nothing would run dry before the caller comes with the rest.
    if (this.#startNs !== undefined || this.#waiting() >= this.#pieceFrames) this.#turn()
    else setImmediate(() => this.#turn())
  }

  /** Forgets what waits, and lets nothing more of what the device holds be heard once the write under way is over. */
  drop(): void {
    this.#queue = []
    this.#stale = this.#startNs !== undefined || this.#stale
    this.#startNs = undefined
    this.#accepted = 0
    this.#inFlight = undefined
    this.#turn()
  }

  /** A device that takes nothing any more is left to itself after a second. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true
    this.drop()
    const timer = setTimeout(this.#closed.resolve, CLOSE_WITHIN_MS)
    await this.#closed.promise
    clearTimeout(timer)
  }

  #turn(): void {
    if (this.#busy) return
    if (this.#stale || this.#closing || this.#failure !== undefined) this.#close()
    if (this.#closing || this.#failure !== undefined) this.#closed.resolve()
    else if (this.#speaker === undefined) this.#openAnother()
    else this.#handOver(this.#speaker)
  }

  #close(): void {
    const speaker = this.#speaker
    this.#speaker = undefined
    this.#stale = false
    try {
      speaker?.close(true)
    } catch (failure) {
      this.#fail(failure)
    }
  }

  /** An empty write opens the device and says how that went. */
  #openAnother(): void {
    const speaker = this.#open()
    this.#speaker = speaker
    speaker.on('error', (failure) => this.#fail(failure))
    this.#write(speaker, new Int16Array(0), this.#opened.resolve)
  }

  #handOver(speaker: Speaker): void {
    const piece = this.#takePiece()
    const frames = piece.length / this.#channels
    if (frames === 0) return
    const sinceNs = this.#nowNs()
    this.#startNs ??= sinceNs
    const inFlight = { frames, sinceNs }
    this.#inFlight = inFlight
    this.#write(speaker, piece, () => {
      if (this.#inFlight !== inFlight) return
      this.#inFlight = undefined
      this.#accepted += frames
    })
  }

  #write(speaker: Speaker, samples: Int16Array, taken: () => void): void {
    this.#busy = true
    speaker.write(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), (failure) => {
      this.#busy = false
      if (failure) this.#fail(failure)
      else taken()
      this.#turn()
    })
  }

  #waiting(): number {
    return this.#queue.reduce((sum, { length }) => sum + length, 0) / this.#channels
  }

  #takePiece(): Int16Array {
    const piece = new Int16Array(Math.min(this.#waiting(), this.#pieceFrames) * this.#channels)
    for (let filled = 0; filled < piece.length; ) {
      const first = this.#queue.shift() ?? new Int16Array(0)
      const used = first.subarray(0, piece.length - filled)
      piece.set(used, filled)
      filled += used.length
      if (used.length < first.length) this.#queue.unshift(first.subarray(used.length))
    }
    return piece
  }

  #fail(cause: unknown): void {
    this.#failure ??= new LoaError(
      'AUDIO_DEVICE',
      `sound device ${this.#device}: driver speaker: ${messageOf(cause)}; unplug and plug it in again, or look into \`dmesg\``,
      { cause },
    )
    this.#opened.reject(this.#failure)
    if (!this.#busy) this.#closed.resolve()
  }
}
