import { createHash } from 'node:crypto'
import { LoaError } from '../../agent/core/error.ts'
import type { CachedFile, MediaCache, Verified } from '../../agent/ports/media-cache.ts'

type Held = { bytes: Buffer; verified: Verified | undefined }

/** The media cache without a disk. A test may fill it up (`roomBytes`) or break it (`damage`). */
export class MemoryMediaCache implements MediaCache {
  readonly #files = new Map<string, Held>()
  readonly #made = new Map<string, string>()
  #damaged = false
  /** What more it takes before DISK_FULL. */
  roomBytes = Number.POSITIVE_INFINITY
  shrunk = 0

  /** The next call finds the store damaged. */
  damage(): void {
    this.#damaged = true
  }

  inventory(): readonly CachedFile[] {
    this.#assertSound()
    return [...this.#files].map(([sha256, held]) => ({
      sha256,
      bytes: held.bytes.length,
      verified: held.verified,
    }))
  }

  find(sha256: string): CachedFile | undefined {
    return this.inventory().find((file) => file.sha256 === sha256)
  }

  heldBytes(sha256: string): number {
    return this.find(sha256)?.bytes ?? 0
  }

  totalBytes(): number {
    return this.inventory().reduce((sum, file) => sum + file.bytes, 0)
  }

  spareBytes(): number {
    return 0
  }

  read(sha256: string, offset: number, length: number): Uint8Array {
    this.#assertSound()
    return this.#files.get(sha256)?.bytes.subarray(offset, offset + length) ?? new Uint8Array(0)
  }

  async append(sha256: string, bytes: Uint8Array): Promise<void> {
    this.#assertSound()
    if (bytes.length > this.roomBytes) throw new LoaError('DISK_FULL', 'no room')
    this.roomBytes -= bytes.length
    const held = this.#files.get(sha256)
    this.#files.set(sha256, {
      bytes: Buffer.concat([held?.bytes ?? Buffer.alloc(0), bytes]),
      verified: undefined,
    })
  }

  async digest(sha256: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    return createHash('sha256')
      .update(this.read(sha256, 0, Number.MAX_SAFE_INTEGER))
      .digest('hex')
  }

  async complete(sha256: string, verified: Verified): Promise<void> {
    this.#assertSound()
    const held = this.#files.get(sha256)
    if (held !== undefined) held.verified = verified
  }

  made(recipe: string): CachedFile | undefined {
    const sha256 = this.#made.get(recipe)
    return sha256 === undefined ? undefined : this.find(sha256)
  }

  async noteMade(recipe: string, sha256: string): Promise<void> {
    this.#assertSound()
    if (this.#files.has(sha256)) this.#made.set(recipe, sha256)
  }

  async discard(sha256: string): Promise<void> {
    this.#assertSound()
    this.roomBytes += this.#files.get(sha256)?.bytes.length ?? 0
    this.#files.delete(sha256)
    for (const [recipe, made] of this.#made) if (made === sha256) this.#made.delete(recipe)
  }

  /** `shrunk` counts the calls. */
  async shrink(): Promise<void> {
    this.shrunk += 1
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #assertSound(): void {
    if (!this.#damaged) return
    this.#damaged = false
    this.#files.clear()
    this.#made.clear()
    throw new LoaError('DATABASE', 'damaged, made anew')
  }
}
