/** Frames in which there was sound; `to` is the frame after the last one, and grows while it goes on. */
export type SoundSpan = { readonly from: number; readonly to: number }

/** What is as quiet as rounding is silence. */
const LEAST = 2
/** Finds where there is sound in a stream of frames of signed 16 bit, however it comes in pieces. */
export class SoundSpans {
  readonly #channels: number
  readonly #restFrames: number
  readonly #spans: { from: number; to: number }[] = []
  #frames = 0

  /** @param restFrames a shorter rest is part of the sound */
  constructor(channels: number, restFrames: number) {
    this.#channels = channels
    this.#restFrames = restFrames
  }

  get frames(): number {
    return this.#frames
  }

  /** Oldest first. */
  get spans(): readonly SoundSpan[] {
    return this.#spans
  }

  /** Whole frames. */
  feed(samples: Int16Array): void {
    for (let i = 0; i < samples.length; i += 1)
      if (Math.abs(samples[i] ?? 0) >= LEAST) this.#note(this.#frames + Math.floor(i / this.#channels))
    this.#frames += samples.length / this.#channels
  }

  #note(frame: number): void {
    const last = this.#spans.at(-1)
    if (last !== undefined && frame - last.to <= this.#restFrames) last.to = frame + 1
    else this.#spans.push({ from: frame, to: frame + 1 })
  }
}
