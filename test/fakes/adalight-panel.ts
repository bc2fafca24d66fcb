const MAGIC = 'Ada'
const HEADER_BYTES = 6

/**
 * The receiving end of an Adalight line: takes bytes as they come, finds frames wherever they begin, and keeps the pixels.
 * Written from the receiver's side (a state per byte, as in WLED), not from the encoder's.
 */
export class AdalightPanel {
  /** Pixels of every frame shown, in the order of the strip. */
  readonly shown: Uint8Array[] = []
  /** Bytes that belonged to no frame. */
  discarded = 0
  #pending: Uint8Array = new Uint8Array()

  readonly feed = (bytes: Uint8Array): void => {
    this.#pending = Buffer.concat([this.#pending, bytes])
    while (this.#takeFrame()) {
      // Each turn took one frame.
    }
  }

  get last(): Uint8Array | undefined {
    return this.shown.at(-1)
  }

  /** Takes one frame from what is pending; false when there is none yet. */
  #takeFrame(): boolean {
    this.#skipToHeader()
    const [, , , high = 0, low = 0] = this.#pending
    const length = HEADER_BYTES + (high * 256 + low + 1) * 3
    if (this.#pending.length < HEADER_BYTES || this.#pending.length < length) return false
    this.shown.push(this.#pending.slice(HEADER_BYTES, length))
    this.#pending = this.#pending.slice(length)
    return true
  }

  #skipToHeader(): void {
    let at = 0
    while (at < this.#pending.length && !this.#couldBeHeader(at)) at += 1
    this.discarded += at
    this.#pending = this.#pending.slice(at)
  }

  #couldBeHeader(at: number): boolean {
    const header = this.#pending.subarray(at, at + HEADER_BYTES)
    const magic = String.fromCharCode(...header.subarray(0, MAGIC.length))
    if (!MAGIC.startsWith(magic)) return false
    const [, , , high = 0, low = 0, check] = header
    return header.length < HEADER_BYTES || check === (high ^ low ^ 0x55)
  }
}
