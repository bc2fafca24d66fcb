import { FRAMES_PER_SECOND } from '../core/clip.ts'
import type { Heard } from '../core/hearing/verdict.ts'
import { BandMeter } from './band-meter.ts'
import { Ear, type OnCaptureState, type OpenCapture } from './ear.ts'
import { Envelopes } from './envelopes.ts'
import { Listening } from './listening.ts'
import { SentFrames } from './sent-frames.ts'

/** The stream of the device, as far as hearing needs it. */
interface Stream {
  readonly played: number
  nsOf(frame: number): number
}

export type HearingParts = {
  readonly open: OpenCapture
  readonly channels: number
  /** How deep the output is filled. */
  readonly bufferMs: number
  readonly nowNs: () => number
  readonly onState: OnCaptureState
}

/** The capture device is opened this long before a sound, and closed with the last. */
export const EARLY_MS = 1500
/** Frames that left longer ago than a turn may last are passed over. */
const SPARE_MS = 2000

/**
 * Hears what is played, and says how much of it. Of sound it keeps nothing but the loudness of eight bands every 20 ms, for
 * ten seconds; nothing of that leaves this process but the verdict.
 */
export class Hearing implements AsyncDisposable {
  readonly #sentCells = new Envelopes()
  readonly #heardCells = new Envelopes()
  readonly #ear: Ear
  readonly #frames: SentFrames
  readonly #meter: BandMeter
  #taken = 0
  #listening: { readonly piece: object; readonly to: Listening } | undefined

  constructor({ open, channels, bufferMs, nowNs, onState }: HearingParts) {
    this.#ear = new Ear(open, nowNs, this.#heardCells, onState)
    this.#frames = new SentFrames(Math.ceil(((bufferMs + SPARE_MS) * FRAMES_PER_SECOND) / 1000), channels)
    this.#meter = new BandMeter(FRAMES_PER_SECOND, 1, this.#sentCells)
  }

  /** Interleaved samples were written as device frame `at` and those after it. */
  wrote(at: number, samples: Int16Array): void {
    this.#frames.put(at, samples)
  }

  /** `near`: something sounds or is about to. */
  turn(near: boolean, stream: Stream): void {
    this.#ear.want(near)
    this.#ear.turn()
    const played = Math.floor(stream.played)
    if (this.#ear.isOpen) this.#takeSent(Math.max(this.#taken, played - this.#frames.kept), played, stream)
    this.#taken = Math.max(this.#taken, played)
    this.#listening?.to.follow()
  }

  /** The first frame of a piece has left at monotonic `ns`. */
  began(piece: object, ns: number): void {
    this.#ear.retry()
    this.#listening = { piece, to: new Listening(this.#sentCells, this.#heardCells, ns) }
  }

  /** The last frame of a piece left at monotonic `ns`; what was heard of it, where that can be said. */
  ended(piece: object, ns: number): Heard | undefined {
    if (this.#listening?.piece !== piece) return undefined
    const { to } = this.#listening
    this.#listening = undefined
    return to.verdict(ns)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ear[Symbol.asyncDispose]()
  }

  #takeSent(from: number, to: number, stream: Stream): void {
    let at = from
    for (const piece of this.#frames.pieces(from, to)) {
      const atNs = stream.nsOf(at)
      this.#meter.feed(piece, atNs, (stream.nsOf(at + piece.length) - atNs) / piece.length)
      at += piece.length
    }
  }
}
