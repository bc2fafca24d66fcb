import { type BackOff, jittered } from '../core/back-off.ts'
import { LoaError, messageOf } from '../core/error.ts'
import type { Entry, UrlRecord } from './library-entry.ts'
import { receive } from './library-receive.ts'
import { evictable, planEviction } from './library-room.ts'
import type { LibraryShelf } from './library-shelf.ts'
import type { LibraryParts } from './library-types.ts'
import { verify } from './library-verify.ts'

const MIB = 1024 * 1024
const URL_BACK_OFF: BackOff = { baseMs: 2000, maxMs: 600_000 }
/** What is bad is tried again this late, unless its document changes; a decoder that cannot run, this soon. */
const BAD_RETRY_MS = 3_600_000
const DECODER_RETRY_MS = 60_000
export const FULL_RETRY_MS = 60_000

/** Fetches or verifies one file and writes what came of it into its entry. */
export class LibraryWork {
  readonly #parts: LibraryParts
  readonly #shelf: LibraryShelf

  constructor(parts: LibraryParts, shelf: LibraryShelf) {
    this.#parts = parts
    this.#shelf = shelf
  }

  /** @throws the signal's reason when aborted; DISK_FULL when nothing more can be stored nor evicted */
  async fetch(entry: Entry, url: string, signal: AbortSignal): Promise<void> {
    const { log } = this.#parts
    const { sha256 } = entry.wanted.ref
    try {
      await this.#download(entry, url, signal)
    } catch (thrown) {
      signal.throwIfAborted()
      if (!(thrown instanceof LoaError)) throw thrown
      log.info({ sha256, url, code: thrown.code, reason: thrown.message }, 'a download stopped')
      if (thrown.code === 'BAD_MEDIA') await this.#blame(entry, url, thrown.message)
      else if (thrown.code === 'NO_MEDIA') this.#putOff(entry, url, thrown.message)
      else if (thrown.code === 'DISK_FULL') await this.#evictOne(entry, thrown)
      else if (thrown.code !== 'DATABASE') throw thrown
    }
  }

  /**
   * Gives room back when something else fills the disk: records and logs go before media that nobody wants.
   * @throws DISK_FULL when there is not even room to give up
   */
  async relieve(): Promise<void> {
    const { cache, disk } = this.#parts
    if (disk.freeMb() >= disk.reserveMb) return
    const unwanted = cache.inventory().find((file) => file.bytes > 0 && !this.#shelf.entries.has(file.sha256))
    if (unwanted !== undefined) await this.#evict(unwanted.sha256)
    if (cache.spareBytes() > 0) await cache.shrink()
  }

  async #download(entry: Entry, url: string, signal: AbortSignal): Promise<void> {
    const { cache, fetcher } = this.#parts
    const { sha256, bytes } = entry.wanted.ref
    if (cache.heldBytes(sha256) > bytes) await cache.discard(sha256)
    if (!(await this.#makeRoom(entry, bytes - cache.heldBytes(sha256)))) return
    const held = cache.heldBytes(sha256)
    entry.sources = held === 0 ? new Set([url]) : entry.sources?.add(url)
    await receive(cache, sha256, fetcher.fetch(url, held, bytes, signal))
    entry.problem = undefined
  }

  /** @throws the signal's reason when aborted */
  async verify(entry: Entry, signal: AbortSignal): Promise<void> {
    const { cache, probe, log, clock } = this.#parts
    const { ref } = entry.wanted
    try {
      const verdict = await verify(cache, probe, ref, signal)
      log.info({ sha256: ref.sha256, verdict: verdict.kind }, 'a file was checked')
      if (verdict.kind === 'good') settle(entry)
      else if (verdict.kind === 'wrong-bytes') await this.#refetch(entry, verdict.message)
      else {
        // The digest is right: every URL has these same bytes, and fetching them again would change nothing.
        entry.bad = { code: 'BAD_MEDIA', message: verdict.message }
        entry.notBefore = clock.mono() + BAD_RETRY_MS
      }
    } catch (thrown) {
      signal.throwIfAborted()
      if (!(thrown instanceof LoaError)) throw thrown
      if (thrown.code === 'DATABASE') return
      if (thrown.code !== 'DECODER') throw thrown
      entry.problem = { code: 'DECODER', message: thrown.message }
      entry.notBefore = clock.mono() + DECODER_RETRY_MS
    }
  }

  async #refetch(entry: Entry, message: string): Promise<void> {
    const [only, ...others] = entry.sources ?? []
    // Bytes of several servers, or of an earlier start: nobody knows whose were wrong. Once more, from one.
    if (only === undefined || others.length > 0) await this.#parts.cache.discard(entry.wanted.ref.sha256)
    else await this.#blame(entry, only, message)
  }

  async #blame(entry: Entry, url: string, message: string): Promise<void> {
    const { cache, clock } = this.#parts
    const record = recordOf(entry, url)
    record.bad = true
    record.notBefore = clock.mono() + BAD_RETRY_MS
    if (entry.sources === undefined || entry.sources.has(url)) await cache.discard(entry.wanted.ref.sha256)
    entry.problem = { code: 'BAD_MEDIA', message }
    if (entry.urls.every((each) => entry.records.get(each)?.bad === true)) {
      entry.bad = { code: 'BAD_MEDIA', message }
    }
  }

  #putOff(entry: Entry, url: string, message: string): void {
    const record = recordOf(entry, url)
    record.notBefore = this.#parts.clock.mono() + jittered(URL_BACK_OFF, record.failures, this.#parts.random)
    record.failures += 1
    entry.problem = { code: 'NO_MEDIA', message }
  }

  /** False: there is none before what is needed sooner goes. */
  async #makeRoom(entry: Entry, needed: number): Promise<boolean> {
    const { cache, disk, quotaMb, clock } = this.#parts
    const victims = planEviction(this.#evictable(entry), {
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
    return true
  }

  /** The disk is fuller than it said. */
  async #evictOne(entry: Entry, cause: LoaError): Promise<void> {
    const victim = this.#evictable(entry).find((file) => file.bytes > 0)
    entry.problem = { code: 'DISK_FULL', message: messageOf(cause) }
    if (victim === undefined) throw cause
    await this.#evict(victim.sha256)
  }

  #evictable(entry: Entry) {
    const order = [...this.#shelf.entries.keys()]
    return evictable(this.#parts.cache.inventory(), order, entry.wanted.ref.sha256)
  }

  async #evict(sha256: string): Promise<void> {
    this.#parts.log.info({ sha256 }, 'a file makes room')
    await this.#parts.cache.discard(sha256)
    this.#shelf.tell(sha256)
  }
}

const recordOf = (entry: Entry, url: string): UrlRecord => {
  const known = entry.records.get(url)
  if (known !== undefined) return known
  const fresh: UrlRecord = { failures: 0, notBefore: 0, bad: false }
  entry.records.set(url, fresh)
  return fresh
}

const settle = (entry: Entry): void => {
  entry.bad = undefined
  entry.problem = undefined
  entry.records.clear()
}
