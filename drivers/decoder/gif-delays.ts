/** Blocks of a GIF. @see GIF89a, CompuServe 1990, appendix A */
const BLOCK = { image: 0x2c, extension: 0x21, graphicControl: 0xf9 } as const
const HEADER_BYTES = 13
const IMAGE_BYTES = 9
/** What browsers make of a frame that says it stands for no time. */
const UNSAID_MS = 100

const tableBytes = (flags = 0): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))

/** Each `yield` asks for so many bytes, and is given them. */
type Reader = Generator<number, void, Uint8Array>

function* skipBlocks(): Reader {
  for (;;) {
    const [length = 0] = yield 1
    if (length === 0) return
    yield length
  }
}

function* readDelay(told: (ms: number) => void): Reader {
  const [label] = yield 1
  if (label === BLOCK.graphicControl) {
    const [, , low = 0, high = 0] = yield 5
    const hundredths = low + 256 * high
    told(hundredths < 2 ? UNSAID_MS : hundredths * 10)
  }
  yield* skipBlocks()
}

function* read(delays: number[]): Reader {
  const header = yield HEADER_BYTES
  yield tableBytes(header[10])
  let delay = UNSAID_MS
  for (;;) {
    const [kind] = yield 1
    if (kind === BLOCK.extension)
      yield* readDelay((ms) => {
        delay = ms
      })
    else if (kind === BLOCK.image) {
      const image = yield IMAGE_BYTES
      yield tableBytes(image[8])
      yield 1
      yield* skipBlocks()
      delays.push(delay)
      delay = UNSAID_MS
    } else return
  }
}

/** Watches a GIF go by and notes how long each of its frames stands, in milliseconds. */
export class GifDelays {
  readonly delays: number[] = []
  readonly #reader = read(this.delays)
  #rest: Uint8Array = new Uint8Array()
  #wanted: number | undefined

  constructor() {
    const { value } = this.#reader.next()
    this.#wanted = value ?? undefined
  }

  push(bytes: Uint8Array): void {
    if (this.#wanted === undefined) return
    this.#rest = Buffer.concat([this.#rest, bytes])
    let at = 0
    while (this.#wanted !== undefined && this.#rest.length - at >= this.#wanted) {
      const end: number = at + this.#wanted
      const next = this.#reader.next(this.#rest.subarray(at, end))
      at = end
      this.#wanted = next.done === true ? undefined : next.value
    }
    this.#rest = this.#rest.subarray(at)
  }
}
