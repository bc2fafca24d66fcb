import { LoaError } from '../core/error.ts'
import type { CachedFile, MediaCache, MediaState } from '../ports/media-cache.ts'
import {
  type Entry,
  mergeWanted,
  sameDeclaration,
  satisfies,
  stateFor,
  stateOfFile,
} from './library-entry.ts'
import type { LibraryParts, WantedMedia } from './library-types.ts'

const MIB = 1024 * 1024

/** What is wanted, what is held, and who hears of a change. */
export class LibraryShelf {
  readonly #parts: LibraryParts
  #entries: ReadonlyMap<string, Entry> = new Map()
  /** State words last told to the listeners. */
  readonly #told = new Map<string, MediaState['state']>()
  readonly #listeners = new Set<(sha256: string) => void>()

  constructor(parts: LibraryParts) {
    this.#parts = parts
  }

  /** In order of need. */
  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries
  }

  replace(list: readonly WantedMedia[]): void {
    const before = this.#entries
    const entries = new Map<string, Entry>()
    for (const wanted of mergeWanted(list)) {
      const { sha256 } = wanted.ref
      entries.set(sha256, this.#renewed(before.get(sha256), wanted))
    }
    this.#entries = entries
    for (const sha256 of this.#told.keys()) if (!entries.has(sha256)) this.#told.delete(sha256)
    this.tellAll()
  }

  find(sha256: string): CachedFile | undefined {
    return this.#look((cache) => cache.find(sha256), undefined)
  }

  totalBytes(): number {
    return this.#look((cache) => cache.totalBytes(), 0)
  }

  stateOf(sha256: string): MediaState {
    const file = this.find(sha256)
    const entry = this.#entries.get(sha256)
    return entry === undefined ? stateOfFile(file) : stateFor(entry, file)
  }

  onChange(listener: (sha256: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tellAll(): void {
    for (const sha256 of this.#entries.keys()) this.tell(sha256)
  }

  /** Tells the listeners if the file's state is another than the one they know. */
  tell(sha256: string): void {
    const { state } = this.stateOf(sha256)
    const before = this.#told.get(sha256)
    if (before === state) return
    this.#told.set(sha256, state)
    if (before === undefined && state === 'missing') return
    for (const listener of this.#listeners) listener(sha256)
  }

  /** A cache that was just made anew holds nothing, and neither does one on a card that cannot be read. */
  #look<T>(look: (cache: MediaCache) => T, nothing: T): T {
    try {
      return look(this.#parts.cache)
    } catch (thrown) {
      if (!(thrown instanceof LoaError)) throw thrown
      this.#parts.log.error({ code: thrown.code, reason: thrown.message }, 'the media cache cannot be read')
      return nothing
    }
  }

  #renewed(before: Entry | undefined, wanted: WantedMedia): Entry {
    const urls = wanted.ref.urls.filter((url) => this.#parts.fetcher.allows(url))
    const refused = this.#refusal(wanted, urls)
    if (before === undefined) {
      return {
        wanted,
        urls: refused === undefined ? urls : [],
        records: new Map(),
        sources: undefined,
        bad: refused,
        problem: undefined,
        notBefore: 0,
      }
    }
    const same = sameDeclaration(before.wanted.ref, wanted.ref)
    const fresh = urls.some((url) => !before.wanted.ref.urls.includes(url))
    before.wanted = wanted
    before.urls = refused === undefined ? urls : []
    if (refused !== undefined || fresh || !same || before.urls.length === 0) {
      before.bad = refused
      before.notBefore = 0
    }
    if (!same) before.records.clear()
    return before
  }

  #refusal({ ref }: WantedMedia, urls: readonly string[]): Entry['bad'] {
    const limitMb = Math.min(this.#parts.maxFileMb, this.#parts.quotaMb)
    if (ref.bytes > limitMb * MIB) {
      return { code: 'NO_MEDIA', message: `larger than the ${limitMb} MiB that content allows a file` }
    }
    if (urls.length > 0 || satisfies(this.find(ref.sha256), ref)) return undefined
    return { code: 'NO_MEDIA', message: 'none of its URLs is under content.allow' }
  }
}
