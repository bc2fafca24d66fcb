const NEWLINE = 0x0a
const MEBIBYTE = 1024 * 1024

/**
 * The last lines of the log, oldest gone first, in a block of memory outside the heap: what was not written yet takes
 * none, and the collector has nothing to look through.
 */
export class LogRing {
  readonly #bytes: Buffer
  #end = 0
  #full = false

  constructor(size = MEBIBYTE) {
    this.#bytes = Buffer.alloc(size)
  }

  /** A line with its end; one that does not fit at all is left out. */
  push(line: string): void {
    const length = Buffer.byteLength(line)
    if (length > this.#bytes.length) return
    const room = this.#bytes.length - this.#end
    if (length <= room) {
      this.#end += this.#bytes.write(line, this.#end)
    } else {
      const whole = Buffer.from(line)
      whole.copy(this.#bytes, this.#end, 0, room)
      whole.copy(this.#bytes, 0, room)
      this.#end = length - room
      this.#full = true
    }
  }

  /** Whole lines, oldest first. */
  text(): string {
    if (!this.#full) return this.#bytes.toString('utf8', 0, this.#end)
    const all = Buffer.concat([this.#bytes.subarray(this.#end), this.#bytes.subarray(0, this.#end)])
    return all.toString('utf8', all.indexOf(NEWLINE) + 1)
  }
}
