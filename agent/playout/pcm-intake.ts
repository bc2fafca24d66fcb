const BYTES_PER_SAMPLE = 2

/** Cuts the bytes of a decoder into whole frames. */
export class PcmIntake {
  readonly #frameBytes: number
  #carry = Buffer.alloc(0)

  constructor(channels: number) {
    this.#frameBytes = BYTES_PER_SAMPLE * channels
  }

  /** The whole frames of what was left over and of these bytes. */
  take(bytes: Buffer): Int16Array {
    const all = this.#carry.length > 0 ? Buffer.concat([this.#carry, bytes]) : bytes
    const length = all.length - (all.length % this.#frameBytes)
    this.#carry = Buffer.from(all.subarray(length))
    const aligned = all.byteOffset % BYTES_PER_SAMPLE === 0 ? all : Buffer.from(all)
    return new Int16Array(aligned.buffer, aligned.byteOffset, length / BYTES_PER_SAMPLE)
  }
}
