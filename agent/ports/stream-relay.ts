import type { StreamFormat } from '../core/documents.ts'

/** Where a live relay may come from: the first URL is preferred. */
export type StreamPlaces = { readonly format: StreamFormat; readonly urls: readonly string[] }

/** Live sources behind opaque ids: playout asks for bytes, and never learns from where. */
export interface StreamRelay {
  /** An id of 64 hex digits under which the stream is read until `close`; nothing is fetched before the first read. */
  open(places: StreamPlaces): string
  holds(id: string): boolean
  /**
   * The next bytes of a tuning, at most `length`, as soon as there are any; empty when that tuning is over. To ask for
   * a higher tuning is to be done with the one before: if that was not over, it was not fit to be heard. The first
   * answer of a tuning is the name of its decoder format. Undefined for an id that is not held.
   */
  read(id: string, tuning: number, length: number): Promise<Uint8Array | undefined>
  close(id: string): void
}
