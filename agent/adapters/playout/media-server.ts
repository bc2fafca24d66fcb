import type { Duplex } from 'node:stream'
import {
  decodeMediaRequest,
  encodeMediaAnswerHeader,
  MEDIA_MISSING,
  MEDIA_READ_BYTES,
  MEDIA_REQUEST_BYTES,
} from '../../wire/playout.ts'

/** At most `length` bytes of a file from `offset`; undefined when they are not held. */
export type ReadMedia = (sha256: string, offset: number, length: number) => Uint8Array | undefined

/** Answers playout's reads of media, in order; stops reading requests while playout does not take the answers. */
export const serveMedia = (pipe: Duplex, read: ReadMedia): void => {
  const answer = (bytes: Buffer): void => {
    const { id, sha256, offset, length } = decodeMediaRequest(bytes)
    const body = read(sha256, offset, Math.min(length, MEDIA_READ_BYTES))
    pipe.write(encodeMediaAnswerHeader(id, body === undefined ? MEDIA_MISSING : body.length))
    if (body !== undefined && body.length > 0) pipe.write(body)
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
