import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { type SoundSpan, SoundSpans } from './sound-spans.ts'

const HEAD_BYTES = 44
const CHANNELS = 2
const FRAME_BYTES = 2 * CHANNELS
const FRAMES_PER_SECOND = 48_000
const REST_FRAMES = FRAMES_PER_SECOND / 10
const LOOK_MS = 5
const MOST_BYTES = 1 << 20

/**
 * Listens to what leaves the sound card of an emulated board: a WAV file, written by qemu in the board's own time while the
 * board has its card open. That file is a clock too: how far it had come says when, for the board, something else was seen.
 * It comes in pieces of 21 ms.
 */
export class Ear implements Disposable {
  readonly #file: string
  readonly #spans = new SoundSpans(CHANNELS, REST_FRAMES)
  readonly #come: { readonly at: number; readonly frames: number }[] = []
  readonly #timer = setInterval(() => this.#listen(), LOOK_MS)
  readonly #buffer = Buffer.alloc(MOST_BYTES)

  constructor(file: string) {
    this.#file = file
  }

  /** Value of qemu's `-audiodev` for it. */
  static device(id: string, file: string): string {
    return `wav,id=${id},path=${file},out.frequency=${FRAMES_PER_SECOND},out.channels=${CHANNELS},out.format=s16`
  }

  get spans(): readonly SoundSpan[] {
    return this.#spans.spans
  }

  /** Whether what was played at that wall time of this machine has come. */
  hasPassed(at: number): boolean {
    return (this.#come.at(-1)?.at ?? 0) > at
  }

  /** How far the board had come at that wall time of this machine, in frames. */
  frameAt(at: number): number {
    const next = this.#come.findIndex((each) => each.at > at)
    const [before, after] = [this.#come[next - 1], this.#come[next]]
    if (before === undefined || after === undefined) return this.#come.at(next)?.frames ?? 0
    return before.frames + ((at - before.at) / (after.at - before.at)) * (after.frames - before.frames)
  }

  /** Milliseconds of the board's time, of so many frames. */
  static ms(frames: number): number {
    return (1000 * frames) / FRAMES_PER_SECOND
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #listen(): void {
    if (!existsSync(this.#file)) return
    const file = openSync(this.#file, 'r')
    try {
      const from = HEAD_BYTES + this.#spans.frames * FRAME_BYTES
      const length = readSync(file, this.#buffer, 0, MOST_BYTES, from)
      const frames = Math.floor(length / FRAME_BYTES)
      if (frames === 0) return
      this.#spans.feed(new Int16Array(this.#buffer.buffer, this.#buffer.byteOffset, frames * CHANNELS))
      this.#come.push({ at: Date.now(), frames: this.#spans.frames })
    } finally {
      closeSync(file)
    }
  }
}
