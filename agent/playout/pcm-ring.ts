/** A queue of interleaved frames of fixed size. Its memory is touched only as far as it has ever been filled. */
export class PcmRing {
  readonly #samples: Int16Array
  readonly #channels: number
  readonly #capacity: number
  #read = 0
  #held = 0

  constructor(capacityFrames: number, channels: number) {
    this.#samples = new Int16Array(capacityFrames * channels)
    this.#channels = channels
    this.#capacity = capacityFrames
  }

  get frames(): number {
    return this.#held
  }

  get free(): number {
    return this.#capacity - this.#held
  }

  /** Takes in as many frames as fit and says how many. */
  push(samples: Int16Array): number {
    const count = Math.min(samples.length / this.#channels, this.free)
    this.#each((this.#read + this.#held) % this.#capacity, count, (at, done, piece) => {
      this.#samples.set(samples.subarray(done, done + piece), at)
    })
    this.#held += count
    return count
  }

  /** Moves up to `out` full of frames out and says how many. */
  take(out: Int16Array): number {
    const count = Math.min(out.length / this.#channels, this.#held)
    this.#each(this.#read, count, (at, done, piece) => {
      out.set(this.#samples.subarray(at, at + piece), done)
    })
    this.#read = (this.#read + count) % this.#capacity
    this.#held -= count
    return count
  }

  /** Lets the last frames it holds, up to so many, fade to silence: what comes next does not follow from them. */
  fadeTail(frames: number): void {
    const count = Math.min(frames, this.#held)
    this.#each((this.#read + this.#held - count) % this.#capacity, count, (at, done, piece) => {
      for (let index = 0; index < piece; index += 1) {
        const gain = 1 - (done + index) / this.#channels / count
        this.#samples[at + index] = Math.round((this.#samples[at + index] ?? 0) * gain)
      }
    })
  }

  clear(): void {
    this.#held = 0
  }

  /** Runs over `count` frames from ring frame `from` in at most two pieces; offsets and lengths in samples. */
  #each(from: number, count: number, visit: (at: number, done: number, piece: number) => void): void {
    const first = Math.min(count, this.#capacity - from)
    visit(from * this.#channels, 0, first * this.#channels)
    if (count > first) visit(0, first * this.#channels, (count - first) * this.#channels)
  }
}
