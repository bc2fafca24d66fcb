import { createHash } from 'node:crypto'
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { LoaError } from '../../core/error.ts'
import { type CachedFile, CHUNK_BYTES, type MediaCache, type Verified } from '../../ports/media-cache.ts'
import { databaseError, removeDatabase, systemError } from './database.ts'
import type { SyncFile } from './hand-sync.ts'
import { type MediaStore, openMediaStore } from './media-store.ts'

/** How much may wait in the -wal file before it is brought into the database. */
const CHECKPOINT_BYTES = 2 * 1024 * 1024
/** Discarding writes too: without this much left on the disk nothing could ever be given up. */
const RESERVE_BYTES = 8 * 1024 * 1024

export type MediaCacheOptions = {
  /** Hears why, each time a damaged store was replaced by an empty one, at the start too. */
  readonly onRebuilt: (message: string) => void
  /** What appending leaves free on the disk; at least twice 2 MiB. */
  readonly reserveBytes?: number
  /** For tests. */
  readonly sync?: SyncFile
}

/** Files in SQLite. A damaged store is deleted and made anew: all of it can be fetched again. */
class SqliteMediaCache implements MediaCache {
  readonly #path: string
  readonly #options: MediaCacheOptions
  #store: MediaStore
  #unsynced = 0
  #lastWrite: Promise<unknown> = Promise.resolve()

  constructor(path: string, options: MediaCacheOptions) {
    this.#path = path
    this.#options = options
    this.#store = this.#open()
  }

  inventory(): readonly CachedFile[] {
    return this.#guarded((store) => store.files())
  }

  find(sha256: string): CachedFile | undefined {
    return this.#guarded((store) => store.find(sha256))
  }

  heldBytes(sha256: string): number {
    return this.find(sha256)?.bytes ?? 0
  }

  totalBytes(): number {
    return this.#guarded((store) => store.totalBytes())
  }

  spareBytes(): number {
    return this.#guarded((store) => store.spareBytes())
  }

  read(sha256: string, offset: number, length: number): Uint8Array {
    return this.#guarded((store) => store.read(sha256, offset, length))
  }

  append(sha256: string, bytes: Uint8Array): Promise<void> {
    return this.#write(async () => {
      for (let at = 0; at < bytes.length; ) {
        this.#assertRoom()
        const taken = this.#guarded((store) => store.appendChunk(sha256, bytes.subarray(at)))
        at += taken
        this.#unsynced += taken
        if (this.#unsynced >= CHECKPOINT_BYTES) await this.#checkpoint()
      }
    })
  }

  async digest(sha256: string, signal: AbortSignal): Promise<string> {
    const hash = createHash('sha256')
    for (let offset = 0; ; offset += CHUNK_BYTES) {
      const bytes = this.read(sha256, offset, CHUNK_BYTES)
      hash.update(bytes)
      if (bytes.length < CHUNK_BYTES) return hash.digest('hex')
      await setImmediate()
      signal.throwIfAborted()
    }
  }

  complete(sha256: string, verified: Verified): Promise<void> {
    return this.#write(async () => {
      this.#guarded((store) => store.complete(sha256, verified))
      await this.#checkpoint()
    })
  }

  made(recipe: string): CachedFile | undefined {
    return this.#guarded((store) => store.made(recipe))
  }

  noteMade(recipe: string, sha256: string): Promise<void> {
    return this.#write(async () => this.#guarded((store) => store.noteMade(recipe, sha256)))
  }

  discard(sha256: string): Promise<void> {
    return this.#write(async () => {
      while (this.#guarded((store) => store.dropChunk(sha256))) await setImmediate()
      await this.#checkpoint()
    })
  }

  shrink(): Promise<void> {
    return this.#write(async () => {
      while (this.#guarded((store) => store.shrinkStep())) await this.#checkpoint()
      await this.#checkpoint()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#write(async () => {
      try {
        await this.#checkpoint()
      } catch (thrown) {
        // What a disk that cannot be written did not take is fetched again; an agent that stops has nobody to tell.
        if (!(thrown instanceof LoaError)) throw thrown
      } finally {
        this.#store.close()
      }
    })
  }

  #assertRoom(): void {
    const { bavail, bsize } = statfsSync(dirname(this.#path))
    const reserve = this.#options.reserveBytes ?? RESERVE_BYTES
    // What goes where another file was makes only the -wal longer.
    const wanted = this.spareBytes() >= CHUNK_BYTES ? reserve / 2 : reserve
    if (bavail * bsize >= wanted) return
    throw new LoaError('DISK_FULL', `${this.#path}: the disk is full`)
  }

  async #checkpoint(): Promise<void> {
    const store = this.#store
    try {
      await store.checkpoint()
      this.#unsynced = 0
    } catch (thrown) {
      if (store !== this.#store) throw this.#gone(thrown)
      throw this.#judge(thrown)
    }
  }

  /** One write at a time, in the order of the calls. */
  #write(work: () => Promise<void>): Promise<void> {
    const done = this.#lastWrite.then(work)
    // Its caller hears of the failure; the next write goes on all the same.
    this.#lastWrite = done.catch(() => undefined)
    return done
  }

  #guarded<T>(look: (store: MediaStore) => T): T {
    try {
      return look(this.#store)
    } catch (thrown) {
      throw this.#judge(thrown)
    }
  }

  #judge(thrown: unknown): unknown {
    const fault = isFull(thrown)
      ? new LoaError('DISK_FULL', `${this.#path}: the disk is full`, { cause: thrown })
      : systemError(databaseError(thrown, this.#path), this.#path)
    if (!(fault instanceof LoaError) || fault.code !== 'DATABASE') return fault
    this.#store.close()
    this.#unsynced = 0
    this.#store = this.#rebuilt(fault)
    return this.#gone(fault)
  }

  #gone(cause: unknown): LoaError {
    return new LoaError('DATABASE', `${this.#path} was damaged and is made anew`, { cause })
  }

  #open(): MediaStore {
    try {
      return openMediaStore(this.#path, this.#options.sync)
    } catch (thrown) {
      // A cache of a later agent is of no more use to this one than a damaged one.
      const lost = thrown instanceof LoaError && (thrown.code === 'DATABASE' || thrown.code === 'UNSUPPORTED')
      if (!lost) throw thrown
      return this.#rebuilt(thrown)
    }
  }

  #rebuilt(fault: LoaError): MediaStore {
    removeDatabase(this.#path)
    const store = openMediaStore(this.#path, this.#options.sync)
    this.#options.onRebuilt(fault.message)
    return store
  }
}

const isFull = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT')

/**
 * Opens or makes media.db.
 * @throws DISK_FULL, IO when the system refuses
 */
export const openMediaCache = (path: string, options: MediaCacheOptions): MediaCache =>
  new SqliteMediaCache(path, options)
