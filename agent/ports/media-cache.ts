import type { ReasonCode } from '../core/codes.ts'

/** EBU R128 figures of a file: LUFS, dBTP, seconds. */
export type Measurement = {
  readonly seconds: number
  readonly integratedLufs: number
  readonly truePeakDb: number
}

export type MediaState =
  | { readonly state: 'missing'; readonly bytes: number }
  /** Whole, right digest, decoded once. */
  | { readonly state: 'ready'; readonly bytes: number; readonly measured: Measurement }
  /** No URL gave a file that is what its document declares. */
  | { readonly state: 'bad'; readonly code: ReasonCode; readonly message: string }

/** Files by content in media.db, as 256 KiB chunk rows. */
export interface MediaCache extends AsyncDisposable {
  /** Contiguous bytes held from the start of the file. */
  heldBytes(sha256: string): number
  /** Appends at the current end; commits chunk by chunk. */
  append(sha256: string, bytes: Uint8Array): void
  /** Forgets the bytes held. */
  discard(sha256: string): void
  /** At most `length` bytes from `offset`; shorter at the end. */
  read(sha256: string, offset: number, length: number): Uint8Array
  measurement(sha256: string): Measurement | undefined
  /** Marks a file as whole and verified. */
  complete(sha256: string, measured: Measurement): void
  /** Bytes held in all, and the files with when they were last needed. */
  inventory(): readonly { readonly sha256: string; readonly bytes: number; readonly complete: boolean }[]
  totalBytes(): number
}
