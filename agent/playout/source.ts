import type { Segment } from '../core/clip.ts'
import type { ReasonCode } from '../core/codes.ts'
import { renderSound, renderTone } from '../core/sound/built-in.ts'

/** Frames of one segment, in order, from wherever they come. Nothing in it ever waits. */
export interface Source {
  /** Fills `out` (interleaved) as far as frames are at hand; says how many. */
  read(out: Int16Array): number
  /** Frames at hand. */
  readonly buffered: number
  /** Nothing is left and nothing more will come. */
  readonly ended: boolean
  /** Everything it will ever give is at hand. */
  readonly complete: boolean
  /** Why not all of it will sound. */
  readonly fault: ReasonCode | undefined
  /** Frames of silence it gave in place of sound that did not come; absent: it never does. */
  readonly lost?: number
  /** It has given silence in place of sound for so long that what follows should not wait for it; absent: it never does. */
  readonly dead?: boolean
  /** How many frames it may decode ahead. */
  setAhead(frames: number): void
  close(): void
}

type Generated = Exclude<Segment, { readonly kind: 'media' | 'stream' }>

/** Silence, tones and built-in sounds: made as they are read. */
export class GeneratedSource implements Source {
  readonly complete = true
  readonly fault = undefined
  readonly #segment: Generated
  readonly #channels: number
  #next: number

  constructor(segment: Generated, fromFrame: number, channels: number) {
    this.#segment = segment
    this.#channels = channels
    this.#next = fromFrame
  }

  get buffered(): number {
    return this.#segment.frames - this.#next
  }

  get ended(): boolean {
    return this.buffered <= 0
  }

  read(out: Int16Array): number {
    const count = Math.min(out.length / this.#channels, this.buffered)
    // Mono is made in the front of `out` and spread from its end, so that no second buffer is needed.
    const mono = out.subarray(0, count)
    this.#render(mono)
    if (this.#channels > 1)
      for (let frame = count - 1; frame >= 0; frame -= 1)
        out.fill(mono[frame] ?? 0, frame * this.#channels, (frame + 1) * this.#channels)
    this.#next += count
    return count
  }

  setAhead(): void {
    // It has no ahead: everything is at hand always.
  }

  close(): void {
    this.#next = this.#segment.frames
  }

  #render(mono: Int16Array): void {
    const segment = this.#segment
    switch (segment.kind) {
      case 'silence':
        mono.fill(0)
        break
      case 'sound':
        renderSound(segment.sound, this.#next, segment.frames, mono)
        break
      case 'tone':
        renderTone(segment, this.#next, segment.frames, mono)
        break
    }
  }
}
