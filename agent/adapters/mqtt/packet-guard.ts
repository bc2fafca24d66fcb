/** MQTT control packet type PUBLISH, in the high half of the first byte (MQTT 3.1.1 and 5, section 2.1). */
const PUBLISH = 3
/** Fixed header: the type and at most four bytes of Remaining Length. */
const LONGEST_HEADER_BYTES = 5
/** Ours are under 100; whoever announces more does not mean one of our topics. */
const LONGEST_TOPIC_BYTES = 1024

export type PacketFault =
  | { readonly kind: 'malformed' }
  /** `bytes`: of the whole packet. `topic`: of a PUBLISH, where it has one of a sane length. */
  | { readonly kind: 'oversize'; readonly bytes: number; readonly topic: string | undefined }

/**
 * Watches the fixed headers of a byte stream of MQTT packets and says when one announces more than `maxBytes`,
 * before its body has arrived: the client library checks only what it has buffered whole.
 * The first fault ends the guard's work.
 * @see MQTT 5.0, section 2.1.4 Remaining Length; section 3.3.2.1 Topic Name
 */
export class PacketGuard {
  readonly #maxBytes: number
  #awaits: 'type' | 'length' | 'topic' = 'type'
  #type = 0
  #headerBytes = 0
  #remaining = 0
  /** Body bytes of a harmless packet that are still to come. */
  #body = 0
  /** The first body bytes of an oversized PUBLISH: length and text of its topic. */
  readonly #topic: number[] = []

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** True while part of a packet has come and the rest has not. */
  get midPacket(): boolean {
    return this.#body > 0 || this.#awaits !== 'type'
  }

  feed(chunk: Uint8Array): PacketFault | undefined {
    let at = 0
    while (at < chunk.length) {
      const passed = Math.min(this.#body, chunk.length - at)
      if (passed > 0) {
        this.#body -= passed
        at += passed
        continue
      }
      const fault = this.#read(chunk[at] ?? 0)
      if (fault !== undefined) return fault
      at += 1
    }
    return undefined
  }

  #read(byte: number): PacketFault | undefined {
    switch (this.#awaits) {
      case 'type':
        this.#type = byte >> 4
        this.#headerBytes = 1
        this.#remaining = 0
        this.#awaits = 'length'
        return undefined
      case 'length':
        return this.#readLength(byte)
      case 'topic':
        return this.#readTopic(byte)
    }
  }

  #readLength(byte: number): PacketFault | undefined {
    this.#remaining += (byte & 0x7f) * 128 ** (this.#headerBytes - 1)
    this.#headerBytes += 1
    const more = (byte & 0x80) !== 0
    if (more) return this.#headerBytes === LONGEST_HEADER_BYTES ? { kind: 'malformed' } : undefined
    if (this.#bytes <= this.#maxBytes) {
      this.#body = this.#remaining
      this.#awaits = 'type'
      return undefined
    }
    if (this.#type !== PUBLISH) return this.#oversize(undefined)
    this.#awaits = 'topic'
    return undefined
  }

  #readTopic(byte: number): PacketFault | undefined {
    this.#topic.push(byte)
    const [high = 0, low] = this.#topic
    if (low === undefined) return undefined
    const length = high * 256 + low
    if (length === 0 || length > LONGEST_TOPIC_BYTES) return this.#oversize(undefined)
    if (this.#topic.length < 2 + length) return undefined
    return this.#oversize(Buffer.from(this.#topic.slice(2)).toString('utf8'))
  }

  get #bytes(): number {
    return this.#headerBytes + this.#remaining
  }

  #oversize(topic: string | undefined): PacketFault {
    return { kind: 'oversize', bytes: this.#bytes, topic }
  }
}
