/** A whole message at the front of the bytes. */
export type Found<T> = { readonly length: number; readonly value: T }

/**
 * What begins at the first of at least one byte: a message, `more` when it may become one, `none` when it cannot.
 * It must bound by itself how much it waits for.
 */
export type Inspect<T> = (bytes: Uint8Array) => Found<T> | 'more' | 'none'

/** Takes a stream of bytes in any pieces, finds the messages in it wherever they begin, and counts what belongs to none. */
export class Scanner<T> {
  readonly #inspect: Inspect<T>
  #pending: Uint8Array = new Uint8Array()
  #discarded = 0

  constructor(inspect: Inspect<T>) {
    this.#inspect = inspect
  }

  /** Bytes that belonged to no message so far. */
  get discarded(): number {
    return this.#discarded
  }

  /** The messages that these bytes complete. */
  feed(bytes: Uint8Array): readonly T[] {
    this.#pending = this.#pending.length === 0 ? Uint8Array.from(bytes) : joined(this.#pending, bytes)
    const found: T[] = []
    let at = 0
    while (at < this.#pending.length) {
      const seen = this.#inspect(this.#pending.subarray(at))
      if (seen === 'more') break
      if (seen === 'none') {
        this.#discarded += 1
        at += 1
      } else {
        found.push(seen.value)
        at += seen.length
      }
    }
    this.#pending = this.#pending.slice(at)
    return found
  }

  /** What has begun is not waited for any more. */
  reset(): void {
    this.#discarded += this.#pending.length
    this.#pending = new Uint8Array()
  }
}

const joined = (head: Uint8Array, tail: Uint8Array): Uint8Array => {
  const both = new Uint8Array(head.length + tail.length)
  both.set(head)
  both.set(tail, head.length)
  return both
}
