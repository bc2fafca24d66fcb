import type { Duplex } from 'node:stream'
import type { StreamRelay } from '../../ports/stream-relay.ts'
import {
  decodeMediaRequest,
  encodeMediaAnswerHeader,
  MEDIA_MISSING,
  MEDIA_READ_BYTES,
  MEDIA_REQUEST_BYTES,
  type MediaRequest,
  STREAM_CLOSE,
} from '../../wire/playout.ts'

/** At most `length` bytes of a file from `offset`; undefined when they are not held. */
export type ReadMedia = (sha256: string, offset: number, length: number) => Uint8Array | undefined

/**
 * Answers playout's reads: of files in order, of streams when there is something to answer with. Stops reading requests
 * while playout does not take the answers.
 */
export const serveMedia = (pipe: Duplex, read: ReadMedia, streams: StreamRelay): void => {
  const send = (id: number, body: Uint8Array | undefined): void => {
    if (pipe.destroyed) return
    pipe.write(encodeMediaAnswerHeader(id, body === undefined ? MEDIA_MISSING : body.length))
    if (body !== undefined && body.length > 0) pipe.write(body)
  }
  const answerStream = async ({ id, sha256, offset, length }: MediaRequest): Promise<void> => {
    if (length === STREAM_CLOSE) streams.close(sha256)
    else send(id, await streams.read(sha256, offset, Math.min(length, MEDIA_READ_BYTES)))
  }
  const answer = (bytes: Buffer): void => {
    const request = decodeMediaRequest(bytes)
    const { id, sha256, offset, length } = request
    if (length === STREAM_CLOSE || streams.holds(sha256)) void answerStream(request)
    else send(id, read(sha256, offset, Math.min(length, MEDIA_READ_BYTES)))
  }
  const drain = (): void => {
    while (!pipe.writableNeedDrain) {
      const request: Buffer | null = pipe.read(MEDIA_REQUEST_BYTES)
      if (request === null) return
      answer(request)
    }
  }
  pipe.on('readable', drain)
  pipe.on('drain', drain)
  // The pipe breaks when playout dies; its exit tells more.
  pipe.on('error', () => undefined)
}
