/** What the top-level boxes seen so far say about the place of the index (ISO/IEC 14496-12, 4.2 and 8.1). */
export type IndexPlace = 'unknown' | 'first' | 'last'

const HEADER_BYTES = 8
const LONG_HEADER_BYTES = 16

/**
 * Watches an m4a file go by and tells whether `moov` comes before the sound.
 * A file that can only be read from its end is of no use to a decoder fed through a pipe.
 */
export class M4aIndexWatch {
  #place: IndexPlace = 'unknown'
  #header = new Uint8Array(0)
  #skip = 0

  get place(): IndexPlace {
    return this.#place
  }

  push(bytes: Uint8Array): void {
    let rest = bytes
    while (this.#place === 'unknown' && rest.length > 0) {
      const skipped = Math.min(this.#skip, rest.length)
      this.#skip -= skipped
      rest = this.#takeHeader(rest.subarray(skipped))
    }
  }

  /** Returns what follows the header, or nothing when it is not complete yet. */
  #takeHeader(bytes: Uint8Array): Uint8Array {
    const before = this.#header.length
    const header = new Uint8Array(Math.min(LONG_HEADER_BYTES, before + bytes.length))
    header.set(this.#header)
    header.set(bytes.subarray(0, header.length - before), before)
    const box = boxOf(header)
    if (box === undefined) {
      this.#header = header
      return new Uint8Array(0)
    }
    this.#header = new Uint8Array(0)
    if (box.type === 'moov') this.#place = 'first'
    if (box.type === 'mdat') this.#place = 'last'
    this.#skip = Math.max(0, box.bytes - box.headerBytes)
    return bytes.subarray(box.headerBytes - before)
  }
}

const boxOf = (
  header: Uint8Array,
): { readonly type: string; readonly bytes: number; readonly headerBytes: number } | undefined => {
  if (header.length < HEADER_BYTES) return undefined
  const view = new DataView(header.buffer, header.byteOffset, header.length)
  const type = String.fromCharCode(...header.subarray(4, HEADER_BYTES))
  const size = view.getUint32(0)
  if (size === 0) return { type, bytes: Number.MAX_SAFE_INTEGER, headerBytes: HEADER_BYTES }
  if (size !== 1) return { type, bytes: size, headerBytes: HEADER_BYTES }
  if (header.length < LONG_HEADER_BYTES) return undefined
  return { type, bytes: Number(view.getBigUint64(8)), headerBytes: LONG_HEADER_BYTES }
}
