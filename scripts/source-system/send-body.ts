import { createReadStream } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ByteRange } from './byte-range.ts'
import type { ContentFile } from './content-library.ts'

/** Ways in which servers on the road are broken; tests ask for them. */
export type Misbehaviour = {
  /** Answers 200 with the whole file whatever range was asked for. */
  readonly ignoreRange?: boolean
  /** Cuts the connection after so many bytes of the body. */
  readonly truncateAfter?: number
  /** Flips the bits of the first byte sent; the length is right. */
  readonly wrongBytes?: boolean
  /** Sends no faster than this. */
  readonly bytesPerSecond?: number
  /** 302 to this URL. */
  readonly redirectTo?: string
  /** Answers with this status and no file. */
  readonly status?: number
}

type Chunks = AsyncIterable<Buffer>

const firstByteFlipped = async function* (source: Chunks): AsyncGenerator<Buffer> {
  let done = false
  for await (const chunk of source) {
    if (!done && chunk.length > 0) {
      chunk.writeUInt8(chunk.readUInt8(0) ^ 0xff, 0)
      done = true
    }
    yield chunk
  }
}

const paced = (bytesPerSecond: number) =>
  async function* (source: Chunks): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      yield chunk
      await sleep((chunk.length / bytesPerSecond) * 1000)
    }
  }

const unchanged = async function* (source: Chunks): AsyncGenerator<Buffer> {
  yield* source
}

/** Streams the bytes; a client that goes away midway is its own affair. */
export const sendBody = (
  response: ServerResponse,
  file: ContentFile,
  span: ByteRange,
  wrong: Misbehaviour,
): void => {
  if (span.last < span.first) {
    response.end()
    return
  }
  const cut = wrong.truncateAfter
  const last = cut === undefined ? span.last : Math.min(span.last, span.first + cut - 1)
  const short = last < span.last
  if (last < span.first) {
    response.flushHeaders()
    response.destroy()
    return
  }
  const source = createReadStream(file.path, { start: span.first, end: last, highWaterMark: 16 * 1024 })
  const pace = wrong.bytesPerSecond === undefined ? unchanged : paced(wrong.bytesPerSecond)
  const bytes = wrong.wrongBytes === true ? firstByteFlipped : unchanged
  pipeline(source, bytes, pace, response, { end: !short }).then(
    () => {
      // The socket is ended only after what was written has left, else the cut comes too early.
      if (short) response.write('', () => response.destroy())
    },
    () => response.destroy(),
  )
}
