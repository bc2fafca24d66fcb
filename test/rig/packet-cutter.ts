/** Follows the packets of a stream of MQTT bytes (MQTT, section 2.1). */
export class PacketCutter {
  #body = 0
  #length: { factor: number; value: number } | undefined

  /** Where in the chunk the first byte of a packet of this type ends; undefined when there is none. */
  feed(chunk: Buffer, wanted: number | undefined): number | undefined {
    for (let at = 0; at < chunk.length; ) {
      if (this.#body > 0) {
        const passed = Math.min(this.#body, chunk.length - at)
        this.#body -= passed
        at += passed
        continue
      }
      const byte = chunk[at] ?? 0
      at += 1
      if (this.#length === undefined) {
        this.#length = { factor: 1, value: 0 }
        if (byte >> 4 === wanted) return at
      } else this.#readLength(this.#length, byte)
    }
    return undefined
  }

  #readLength({ factor, value }: { factor: number; value: number }, byte: number): void {
    const length = value + (byte & 0x7f) * factor
    if (byte < 0x80) {
      this.#body = length
      this.#length = undefined
    } else this.#length = { factor: factor * 128, value: length }
  }
}
