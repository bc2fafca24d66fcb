import type { Duplex } from 'node:stream'
import {
  decodeMediaAnswerHeader,
  encodeMediaRequest,
  MEDIA_ANSWER_HEADER_BYTES,
  MEDIA_MISSING,
  MEDIA_READ_BYTES,
  MEDIA_READS_OUTSTANDING,
  type MediaRequest,
  STREAM_CLOSE,
} from '../wire/playout.ts'
import type { MediaBytes, StreamBytes } from './media-bytes.ts'

type Waiting = {
  readonly sha256: string
  readonly offset: number
  readonly length: number
  readonly resolve: (bytes: Uint8Array | undefined) => void
}

/**
 * Reads bytes from the agent over a pipe: of files at most two reads at a time, the others queue here. A read of a stream
 * may be answered much later and is not counted, or a silent stream would keep a file from being read.
 */
export class MediaPipe implements MediaBytes, StreamBytes {
  readonly #pipe: Duplex
  readonly #queue: Waiting[] = []
  readonly #outstanding = new Map<number, Waiting>()
  readonly #streams = new Map<number, Waiting['resolve']>()
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

  readStream(id: string, tuning: number, length: number): Promise<Uint8Array | undefined> {
    if (this.#closed) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#streams.set(this.#ask({ sha256: id, offset: tuning, length }), resolve)
    })
  }

  closeStream(id: string): void {
    if (!this.#closed) this.#ask({ sha256: id, offset: 0, length: STREAM_CLOSE })
  }

  #ask(what: Omit<MediaRequest, 'id'>): number {
    const id = this.#nextId
    this.#nextId = (id % 0x7fff_ffff) + 1
    this.#pipe.write(encodeMediaRequest({ id, ...what }))
    return id
  }

  #send(): void {
    while (this.#outstanding.size < MEDIA_READS_OUTSTANDING) {
      const next = this.#queue.shift()
      if (next === undefined) return
      const { sha256, offset, length } = next
      this.#outstanding.set(this.#ask({ sha256, offset, length }), next)
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
      this.#settle(id, missing ? undefined : (body ?? new Uint8Array(0)))
    }
  }

  #settle(id: number, bytes: Uint8Array | undefined): void {
    this.#streams.get(id)?.(bytes)
    this.#streams.delete(id)
    const waiting = this.#outstanding.get(id)
    this.#outstanding.delete(id)
    waiting?.resolve(bytes)
    this.#send()
  }

  #close(): void {
    this.#closed = true
    for (const { resolve } of [...this.#outstanding.values(), ...this.#queue]) resolve(undefined)
    for (const resolve of this.#streams.values()) resolve(undefined)
    this.#streams.clear()
    this.#outstanding.clear()
    this.#queue.length = 0
  }
}
