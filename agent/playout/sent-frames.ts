/** The frames last written to the device, by their number, of the first channel: until they have left they may change. */
export class SentFrames {
  readonly #ring: Int16Array
  readonly #channels: number
  /** After the last. */
  #end = 0

  constructor(keptFrames: number, channels: number) {
    this.#ring = new Int16Array(keptFrames)
    this.#channels = channels
  }

  get kept(): number {
    return this.#ring.length
  }

  /** Interleaved samples, the first of which is device frame `at`; in place of what was there. What is left out is silent. */
  put(at: number, samples: Int16Array): void {
    const size = this.#ring.length
    const frames = samples.length / this.#channels
    for (const gap of this.pieces(Math.max(this.#end, at - size), at)) gap.fill(0)
    let index = 0
    for (const room of this.pieces(at, at + frames))
      for (let slot = 0; slot < room.length; slot += 1, index += this.#channels)
        room[slot] = samples[index] ?? 0
    this.#end = at + frames
  }

  /** Where the frames `from`..`to` are kept, at most as many as are: in one piece or two. */
  pieces(from: number, to: number): readonly Int16Array[] {
    if (to <= from) return []
    const size = this.#ring.length
    const [first, last] = [from % size, to % size]
    if (first < last) return [this.#ring.subarray(first, last)]
    return [this.#ring.subarray(first), this.#ring.subarray(0, last)]
  }
}
