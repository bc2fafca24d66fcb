import { type BackOff, jittered } from '../core/back-off.ts'
import { LoaError } from '../core/error.ts'
import { type FileEntry, settle, type UrlRecord } from './library-entry.ts'
import type { LibraryEviction } from './library-eviction.ts'
import { receive } from './library-receive.ts'
import type { LibraryParts } from './library-types.ts'
import { verify } from './library-verify.ts'

const URL_BACK_OFF: BackOff = { baseMs: 2000, maxMs: 600_000 }
/** What is bad is tried again this late, unless its document changes; a decoder that cannot run, this soon. */
export const BAD_RETRY_MS = 3_600_000
export const DECODER_RETRY_MS = 60_000

/** Fetches or verifies one file and writes what came of it into its entry. */
export class LibraryWork {
  readonly #parts: LibraryParts
  readonly #eviction: LibraryEviction

  constructor(parts: LibraryParts, eviction: LibraryEviction) {
    this.#parts = parts
    this.#eviction = eviction
  }

  /** @throws the signal's reason when aborted; DISK_FULL when nothing more can be stored nor evicted */
  async fetch(entry: FileEntry, url: string, signal: AbortSignal): Promise<void> {
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
      else if (thrown.code === 'DISK_FULL') await this.#eviction.evictOne(entry, sha256, thrown)
      else if (thrown.code !== 'DATABASE') throw thrown
    }
  }

  async #download(entry: FileEntry, url: string, signal: AbortSignal): Promise<void> {
    const { cache, fetcher } = this.#parts
    const { sha256, bytes } = entry.wanted.ref
    if (cache.heldBytes(sha256) > bytes) await cache.discard(sha256)
    if (!(await this.#eviction.makeRoom(entry, sha256, bytes - cache.heldBytes(sha256)))) return
    const held = cache.heldBytes(sha256)
    entry.sources = held === 0 ? new Set([url]) : entry.sources?.add(url)
    await receive(cache, sha256, fetcher.fetch(url, held, bytes, signal))
    entry.problem = undefined
  }

  /** @throws the signal's reason when aborted */
  async verify(entry: FileEntry, signal: AbortSignal): Promise<void> {
    const { log, clock } = this.#parts
    const { ref } = entry.wanted
    try {
      const verdict = await verify(this.#parts, ref, signal)
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

  async #refetch(entry: FileEntry, message: string): Promise<void> {
    const [only, ...others] = entry.sources ?? []
    // Bytes of several servers, or of an earlier start: nobody knows whose were wrong. Once more, from one.
    if (only === undefined || others.length > 0) await this.#parts.cache.discard(entry.wanted.ref.sha256)
    else await this.#blame(entry, only, message)
  }

  async #blame(entry: FileEntry, url: string, message: string): Promise<void> {
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

  #putOff(entry: FileEntry, url: string, message: string): void {
    const record = recordOf(entry, url)
    record.notBefore = this.#parts.clock.mono() + jittered(URL_BACK_OFF, record.failures, this.#parts.random)
    record.failures += 1
    entry.problem = { code: 'NO_MEDIA', message }
  }
}

const recordOf = (entry: FileEntry, url: string): UrlRecord => {
  const known = entry.records.get(url)
  if (known !== undefined) return known
  const fresh: UrlRecord = { failures: 0, notBefore: 0, bad: false }
  entry.records.set(url, fresh)
  return fresh
}
