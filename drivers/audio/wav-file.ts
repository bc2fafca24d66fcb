import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'

const HEADER_BYTES = 44
const BYTES_PER_SAMPLE = 2
/** Sizes in the header are 32 bits; a tape that ran for hours starts over well below. */
const MAX_BYTES = 2 ** 31

const headerOf = (rate: number, channels: number, dataBytes: number): Uint8Array => {
  const header = new Uint8Array(HEADER_BYTES)
  const view = new DataView(header.buffer)
  const ascii = (at: number, text: string) => {
    for (let index = 0; index < text.length; index += 1) header[at + index] = text.charCodeAt(index)
  }
  ascii(0, 'RIFF')
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true)
  ascii(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * channels * BYTES_PER_SAMPLE, true)
  view.setUint16(32, channels * BYTES_PER_SAMPLE, true)
  view.setUint16(34, 8 * BYTES_PER_SAMPLE, true)
  ascii(36, 'data')
  view.setUint32(40, dataBytes, true)
  return header
}

const sameFormat = (a: Uint8Array, b: Uint8Array): boolean =>
  [...Array(HEADER_BYTES).keys()].every((at) => (at >= 4 && at < 8) || at >= 40 || a[at] === b[at])

/** A WAV file that grows: its header says the truth after `seal` and after `close`. */
export class WavFile {
  readonly #fd: number
  readonly #rate: number
  readonly #channels: number
  #dataBytes = 0

  /** Goes on at the end of a file of the same format, as a tape would; any other content is replaced. */
  constructor(path: string, rate: number, channels: number) {
    this.#rate = rate
    this.#channels = channels
    this.#fd = openSync(path, existsSync(path) ? 'r+' : 'w+')
    const found = new Uint8Array(HEADER_BYTES)
    const size = fstatSync(this.#fd).size
    const readable = readSync(this.#fd, found, 0, HEADER_BYTES, 0) === HEADER_BYTES
    if (readable && size < MAX_BYTES && sameFormat(found, headerOf(rate, channels, 0)))
      this.#dataBytes = size - HEADER_BYTES - ((size - HEADER_BYTES) % (channels * BYTES_PER_SAMPLE))
    else ftruncateSync(this.#fd, 0)
    this.seal()
  }

  append(samples: Int16Array): void {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
    let done = 0
    while (done < bytes.length)
      done += writeSync(this.#fd, bytes, done, bytes.length - done, HEADER_BYTES + this.#dataBytes + done)
    this.#dataBytes += bytes.length
    if (this.#dataBytes >= MAX_BYTES) this.#startOver()
  }

  seal(): void {
    writeSync(this.#fd, headerOf(this.#rate, this.#channels, this.#dataBytes), 0, HEADER_BYTES, 0)
  }

  close(): void {
    this.seal()
    closeSync(this.#fd)
  }

  #startOver(): void {
    this.#dataBytes = 0
    ftruncateSync(this.#fd, HEADER_BYTES)
    this.seal()
  }
}
