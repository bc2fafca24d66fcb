import type { StreamFormat } from '../core/documents.ts'
import type { DecoderFormat } from './decoder.ts'

/** A live source that answers. */
export type LiveSource = {
  /** What a decoder must take it for. */
  readonly format: DecoderFormat
  /** A wait for the next bytes longer than this is a stall, in ms. */
  readonly stallMs: number
  /** Taken as slowly as wanted; the source is let go when the signal it was tuned with aborts. Rejects with STREAM. */
  readonly bytes: AsyncIterator<Uint8Array, void>
}

/** Listens to live sources over HTTP(S) in allow-listed places. */
export interface StreamFetcher {
  /** True when the URL lies under one of the allowed prefixes; nothing else is ever asked. */
  allows(url: string): boolean
  /**
   * Resolves when the first bytes of sound are there.
   * @throws STREAM with what is in the way: unreachable, status, redirect refused, encrypted, not a stream
   */
  tune(url: string, format: StreamFormat, signal: AbortSignal): Promise<LiveSource>
}
