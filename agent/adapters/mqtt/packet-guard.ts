/** MQTT control packet type PUBLISH, in the high half of the first byte (MQTT 3.1.1 and 5, section 2.1). */
const PUBLISH = 3
const LONGEST_TOPIC_BYTES = 1024

type Oversize = { readonly bytes: number; readonly topic: string | undefined }

/**
 * Watches the fixed headers of a byte stream of MQTT packets and says when one announces more than `maxBytes`,
 * before its body has arrived: the client library checks only what it has buffered whole.
 * @see MQTT 5.0, section 2.1.4 Remaining Length; section 3.3.2.1 Topic Name
 */
export class PacketGuard {
  readonly #maxBytes: number
  #header: number[] = []
  /** Body bytes of the current packet still to come; undefined while its header is incomplete. */
  #remaining: number | undefined
  /** What has been seen of an oversized PUBLISH, until its topic is known. */
  #oversized: { readonly bytes: number; readonly body: number[] } | undefined

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Feeds the next bytes; the first oversized packet is the answer, and ends the guard's work. */
  feed(chunk: Uint8Array): Oversize | undefined {
    let at = 0
    while (at < chunk.length) {
      if (this.#oversized !== undefined) return this.#readTopic(chunk, at)
      if (this.#remaining === undefined) {
        this.#readHeaderByte(chunk[at] ?? 0)
        at += 1
        continue
      }
      const body = Math.min(this.#remaining, chunk.length - at)
      at += body
      this.#remaining -= body
      if (this.#remaining === 0) this.#nextPacket()
    }
    return this.#oversized !== undefined && !this.#mayHaveTopic() ? this.#verdict(undefined) : undefined
  }

  #nextPacket(): void {
    this.#header = []
    this.#remaining = undefined
  }

  #readHeaderByte(byte: number): void {
    this.#header.push(byte)
    const lengthBytes = this.#header.length - 1
    if (lengthBytes === 0) return
    const complete = (byte & 0x80) === 0 || lengthBytes === 4
    if (!complete) return
    const length = this.#header.slice(1).reduce((sum, part, index) => sum + (part & 0x7f) * 128 ** index, 0)
    if (length > this.#maxBytes) this.#oversized = { bytes: length, body: [] }
    else if (length === 0) this.#nextPacket()
    else this.#remaining = length
  }

  #mayHaveTopic(): boolean {
    return (this.#header[0] ?? 0) >> 4 === PUBLISH
  }

  #readTopic(chunk: Uint8Array, from: number): Oversize | undefined {
    const body = this.#oversized?.body ?? []
    if (!this.#mayHaveTopic()) return this.#verdict(undefined)
    for (const byte of chunk.subarray(from, from + LONGEST_TOPIC_BYTES + 2)) {
      body.push(byte)
      const length = (body[0] ?? 0) * 256 + (body[1] ?? 0)
      if (body.length < 2) continue
      if (length > LONGEST_TOPIC_BYTES) return this.#verdict(undefined)
      if (body.length >= length + 2) return this.#verdict(Buffer.from(body.slice(2)).toString('utf8'))
    }
    return undefined
  }

  #verdict(topic: string | undefined): Oversize {
    return { bytes: this.#oversized?.bytes ?? 0, topic }
  }
}
