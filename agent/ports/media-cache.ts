import type { ReasonCode } from '../core/codes.ts'
import type { AudioFormat, ImageFormat } from '../core/documents.ts'

/** What EBU R128 says of a file in which it finds nothing to measure: silence, or less than 400 ms. */
export const LOWEST_LUFS = -70
export const LOWEST_PEAK_DB = -100

/** EBU R128 figures of a file: LUFS (`LOWEST_LUFS`: cannot be normalised), dBTP, seconds. */
export type Measurement = {
  readonly seconds: number
  readonly integratedLufs: number
  readonly truePeakDb: number
}

/** The measurement of what has no sound: images. */
export const NO_SOUND: Measurement = {
  seconds: 0,
  integratedLufs: LOWEST_LUFS,
  truePeakDb: LOWEST_PEAK_DB,
}

export type MediaState =
  /** Not here (yet). `code` and `message` say what was in the way the last time it was tried. */
  | {
      readonly state: 'missing'
      readonly bytes: number
      readonly code?: ReasonCode
      readonly message?: string
    }
  /** Whole, right digest, decoded once. */
  | { readonly state: 'ready'; readonly bytes: number; readonly measured: Measurement }
  /** No URL gave a file that is what its document declares. */
  | { readonly state: 'bad'; readonly code: ReasonCode; readonly message: string }

/** What was found out about a whole file. */
export type Verified = { readonly format: AudioFormat | ImageFormat; readonly measured: Measurement }

export type CachedFile = {
  readonly sha256: string
  /** Contiguous bytes held from the start of the file. */
  readonly bytes: number
  /** Present: the file is whole, has the right digest and was tried. */
  readonly verified: Verified | undefined
}

/** Length of the pieces in which files are stored; the last one of a file is shorter. Bytes. */
export const CHUNK_BYTES = 262_144

/**
 * Files by content in media.db, as chunk rows of `CHUNK_BYTES`.
 * Looking is synchronous and cheap; what waits for the disk is not. One writer at a time: the caller awaits each write.
 * Every call throws `DATABASE` when the store was found damaged: it is then empty and new, and usable again.
 */
export interface MediaCache extends AsyncDisposable {
  /** Oldest first. */
  inventory(): readonly CachedFile[]
  find(sha256: string): CachedFile | undefined
  /** Contiguous bytes held from the start of the file. */
  heldBytes(sha256: string): number
  totalBytes(): number
  /** Room inside the store that new bytes fill before the store grows on the disk. */
  spareBytes(): number
  /** At most `length` bytes from `offset`; shorter at the end. */
  read(sha256: string, offset: number, length: number): Uint8Array
  /**
   * Appends at the current end; each chunk is committed by itself, so pieces of `CHUNK_BYTES` are written once.
   * @throws DISK_FULL with what fitted stored
   */
  append(sha256: string, bytes: Uint8Array): Promise<void>
  /** Hex SHA-256 of the bytes as they are stored now. */
  digest(sha256: string, signal: AbortSignal): Promise<string>
  /** Marks a file as whole and verified; resolves when that would survive a power cut. */
  complete(sha256: string, verified: Verified): Promise<void>
  /** The file that holds what was made from `recipe` (64 hex digits); undefined when there never was one, or it is gone. */
  made(recipe: string): CachedFile | undefined
  /** Notes what a held file was made from; durable with the next `complete`, forgotten with the file. */
  noteMade(recipe: string, sha256: string): Promise<void>
  /** Forgets the file and its bytes. */
  discard(sha256: string): Promise<void>
  /** Gives the spare room back to the disk. */
  shrink(): Promise<void>
}
