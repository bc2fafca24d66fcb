import { LoaError } from '../core/error.ts'
import type { Download } from '../core/link/latest-start.ts'
import type { CachedFile, MediaCache, MediaState } from '../ports/media-cache.ts'
import {
  type Entry,
  type FileEntry,
  mergeWanted,
  type SpeechEntry,
  sameDeclaration,
  satisfies,
  stateFor,
  stateOfFile,
} from './library-entry.ts'
import {
  idOf,
  type LibraryParts,
  type WantedFile,
  type WantedMedia,
  type WantedSpeech,
} from './library-types.ts'

const MIB = 1024 * 1024

/** What is wanted, what is held, and who hears of a change. */
export class LibraryShelf {
  readonly #parts: LibraryParts
  #entries: ReadonlyMap<string, Entry> = new Map()
  /** State words last told to the listeners. */
  readonly #told = new Map<string, MediaState['state']>()
  readonly #listeners = new Set<(id: string) => void>()

  constructor(parts: LibraryParts) {
    this.#parts = parts
  }

  /** By digest or key, in order of need. */
  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries
  }

  replace(list: readonly WantedMedia[]): void {
    const before = this.#entries
    const entries = new Map<string, Entry>()
    for (const wanted of mergeWanted(list)) {
      const id = idOf(wanted)
      const entry = before.get(id)
      if ('ref' in wanted) entries.set(id, this.#renewed(entry?.kind === 'file' ? entry : undefined, wanted))
      else entries.set(id, renewedSpeech(entry, wanted))
    }
    this.#entries = entries
    for (const id of this.#told.keys()) if (!entries.has(id)) this.#told.delete(id)
    this.tellAll()
  }

  find(sha256: string): CachedFile | undefined {
    return this.#look((cache) => cache.find(sha256), undefined)
  }

  /** The file that an entry is about; of a text, what was made of it. */
  fileOf(entry: Entry): CachedFile | undefined {
    const id = idOf(entry.wanted)
    return entry.kind === 'file' ? this.find(id) : this.madeOf(id)
  }

  /** What was made of a text, wanted or not. */
  madeOf(key: string): CachedFile | undefined {
    return this.#look((cache) => cache.made(key), undefined)
  }

  /** The digests of everything wanted, in order of need; of a text only once it is known what comes of it. */
  digests(coming?: { readonly entry: Entry; readonly sha256: string }): readonly string[] {
    return [...this.#entries.values()].flatMap((entry) => {
      const sha256 = coming?.entry === entry ? coming.sha256 : this.#digestOf(entry)
      return sha256 === undefined ? [] : [sha256]
    })
  }

  /**
   * Files that are still to come, in order of need. By their whole length, also those that are here in part: or the last
   * moment to begin would move on while they are fetched.
   */
  toFetch(): readonly Download[] {
    return [...this.#entries].flatMap(([id, entry]) => {
      if (entry.kind !== 'file') return []
      const { ref, neededAt } = entry.wanted
      const file = this.find(ref.sha256)
      return satisfies(file, ref) || file?.bytes === ref.bytes ? [] : [{ id, bytes: ref.bytes, neededAt }]
    })
  }

  totalBytes(): number {
    return this.#look((cache) => cache.totalBytes(), 0)
  }

  stateOf(id: string): MediaState {
    const entry = this.#entries.get(id)
    return entry === undefined ? stateOfFile(this.find(id)) : stateFor(entry, this.fileOf(entry))
  }

  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tellAll(): void {
    for (const id of this.#entries.keys()) this.tell(id)
  }

  /** Tells the listeners if the state is another than the one they know. */
  tell(id: string): void {
    const { state } = this.stateOf(id)
    const before = this.#told.get(id)
    if (before === state) return
    this.#told.set(id, state)
    if (before === undefined && state === 'missing') return
    for (const listener of this.#listeners) listener(id)
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

  #digestOf(entry: Entry): string | undefined {
    return entry.kind === 'file' ? entry.wanted.ref.sha256 : this.fileOf(entry)?.sha256
  }

  #renewed(before: FileEntry | undefined, wanted: WantedFile): FileEntry {
    const urls = wanted.ref.urls.filter((url) => this.#parts.fetcher.allows(url))
    const refused = this.#refusal(wanted, urls)
    if (before === undefined) {
      return {
        kind: 'file',
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

  #refusal({ ref }: WantedFile, urls: readonly string[]): Entry['bad'] {
    const limitMb = Math.min(this.#parts.maxFileMb, this.#parts.quotaMb)
    if (ref.bytes > limitMb * MIB) {
      return { code: 'NO_MEDIA', message: `larger than the ${limitMb} MiB that content allows a file` }
    }
    if (urls.length > 0 || satisfies(this.find(ref.sha256), ref)) return undefined
    return { code: 'NO_MEDIA', message: 'none of its URLs is under content.allow' }
  }
}

const renewedSpeech = (before: Entry | undefined, wanted: WantedSpeech): SpeechEntry => {
  if (before?.kind !== 'speech')
    return { kind: 'speech', wanted, bad: undefined, problem: undefined, notBefore: 0 }
  before.wanted = wanted
  return before
}
