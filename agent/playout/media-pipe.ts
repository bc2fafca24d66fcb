import type { Duplex } from 'node:stream'
import {
  decodeMediaAnswerHeader,
  encodeMediaRequest,
  MEDIA_ANSWER_HEADER_BYTES,
  MEDIA_MISSING,
  MEDIA_READ_BYTES,
  MEDIA_READS_OUTSTANDING,
} from '../wire/playout.ts'
import type { MediaBytes } from './media-bytes.ts'

type Waiting = {
  readonly sha256: string
  readonly offset: number
  readonly length: number
  readonly resolve: (bytes: Uint8Array | undefined) => void
}

/** Reads bytes of files from the agent over a pipe, at most two reads at a time; the others queue here. */
export class MediaPipe implements MediaBytes {
  readonly #pipe: Duplex
  readonly #queue: Waiting[] = []
  readonly #outstanding = new Map<number, Waiting>()
  #nextId = 1
  #closed = false

  constructor(pipe: Duplex) {
    this.#pipe = pipe
    pipe.on('readable', () => this.#receive())
    pipe.on('error', () => this.#close())
    pipe.on('close', () => this.#close())
  }

  read(sha256: string, offset: number, length: number): Promise<Uint8Array | undefined> {
    if (this.#closed) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#queue.push({ sha256, offset, length: Math.min(length, MEDIA_READ_BYTES), resolve })
      this.#send()
    })
  }

  #send(): void {
    while (this.#outstanding.size < MEDIA_READS_OUTSTANDING) {
      const next = this.#queue.shift()
      if (next === undefined) return
      const id = this.#nextId
      this.#nextId = (id % 0x7fff_ffff) + 1
      this.#outstanding.set(id, next)
      this.#pipe.write(
        encodeMediaRequest({ id, sha256: next.sha256, offset: next.offset, length: next.length }),
      )
    }
  }

  #header: { readonly id: number; readonly length: number } | undefined

  #receive(): void {
    for (;;) {
      if (this.#header === undefined) {
        const bytes: Buffer | null = this.#pipe.read(MEDIA_ANSWER_HEADER_BYTES)
        if (bytes === null) return
        this.#header = decodeMediaAnswerHeader(bytes)
      }
      const { id, length } = this.#header
      const missing = length === MEDIA_MISSING
      const body: Buffer | null = missing || length === 0 ? null : this.#pipe.read(length)
      if (body === null && !missing && length > 0) return
      this.#header = undefined
      this.#settle(id, body ?? undefined)
    }
  }

  #settle(id: number, bytes: Uint8Array | undefined): void {
    const waiting = this.#outstanding.get(id)
    this.#outstanding.delete(id)
    waiting?.resolve(bytes)
    this.#send()
  }

  #close(): void {
    this.#closed = true
    for (const { resolve } of [...this.#outstanding.values(), ...this.#queue]) resolve(undefined)
    this.#outstanding.clear()
    this.#queue.length = 0
  }
}
