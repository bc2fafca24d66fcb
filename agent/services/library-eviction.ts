import { type LoaError, messageOf } from '../core/error.ts'
import type { Entry } from './library-entry.ts'
import { evictable, planEviction } from './library-room.ts'
import type { LibraryShelf } from './library-shelf.ts'
import type { LibraryParts } from './library-types.ts'

const MIB = 1024 * 1024
export const FULL_RETRY_MS = 60_000

/** Makes room in the cache and on its disk: what nobody wants goes first, then what is needed last. */
export class LibraryEviction {
  readonly #parts: LibraryParts
  readonly #shelf: LibraryShelf

  constructor(parts: LibraryParts, shelf: LibraryShelf) {
    this.#parts = parts
    this.#shelf = shelf
  }

  /**
   * Gives room back when the disk grows scarce, whoever fills it: records and logs go before media that nobody wants.
   * @throws DISK_FULL when there is not even room to give up
   */
  async relieve(): Promise<void> {
    const { cache, disk } = this.#parts
    if (disk.freeMb() >= Math.max(disk.reserveMb, disk.scarceMb())) return
    const unwanted = this.#unwanted(this.#shelf.digests())[0]
    if (unwanted !== undefined) await this.#evict(unwanted.sha256)
    if (cache.spareBytes() > 0) await cache.shrink()
  }

  /** For `needed` bytes more of a file of this entry. False: there is none before what is needed sooner goes. */
  async makeRoom(entry: Entry, sha256: string, needed: number): Promise<boolean> {
    const { cache, disk, quotaMb, clock } = this.#parts
    const victims = planEviction(this.#evictable(entry, sha256), {
      needed,
      quotaLeft: quotaMb * MIB - cache.totalBytes(),
      diskLeft: (disk.freeMb() - disk.reserveMb) * MIB + cache.spareBytes(),
    })
    if (victims === undefined) {
      entry.problem = { code: 'NO_MEDIA', message: 'no room beside what is needed sooner' }
      entry.notBefore = clock.mono() + FULL_RETRY_MS
      return false
    }
    for (const victim of victims) await this.#evict(victim.sha256)
    await this.#avoidScarcity(entry, sha256, needed)
    return true
  }

  /** The disk is fuller than it said. @throws `cause` when nothing may go */
  async evictOne(entry: Entry, sha256: string, cause: LoaError): Promise<void> {
    const victim = this.#evictable(entry, sha256).find((file) => file.bytes > 0)
    entry.problem = { code: 'DISK_FULL', message: messageOf(cause) }
    if (victim === undefined) throw cause
    await this.#evict(victim.sha256)
  }

  /** What nobody wants goes before the disk grows scarce; what is wanted comes all the same. */
  async #avoidScarcity(entry: Entry, sha256: string, needed: number): Promise<void> {
    const { cache, disk } = this.#parts
    for (const file of this.#unwanted(this.#shelf.digests({ entry, sha256 }))) {
      if ((disk.freeMb() - disk.scarceMb()) * MIB + cache.spareBytes() >= needed) return
      await this.#evict(file.sha256)
    }
  }

  #unwanted(wanted: readonly string[]) {
    const kept = new Set(wanted)
    return this.#parts.cache.inventory().filter((file) => file.bytes > 0 && !kept.has(file.sha256))
  }

  #evictable(entry: Entry, sha256: string) {
    return evictable(this.#parts.cache.inventory(), this.#shelf.digests({ entry, sha256 }), sha256)
  }

  async #evict(sha256: string): Promise<void> {
    this.#parts.log.info({ sha256 }, 'a file makes room')
    await this.#parts.cache.discard(sha256)
    this.#shelf.tellAll()
  }
}
