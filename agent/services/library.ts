import type { AudioRef } from '../core/documents.ts'
import { LoaError } from '../core/error.ts'
import type { MediaState } from '../ports/media-cache.ts'
import { BUSY, describeFile } from './library-describe.ts'
import { type Entry, notBefore, type Task, taskFor } from './library-entry.ts'
import { FULL_RETRY_MS, LibraryEviction } from './library-eviction.ts'
import { LibraryShelf } from './library-shelf.ts'
import { LibrarySpeech } from './library-speech.ts'
import type { LibraryOverview, LibraryParts, Utterance, WantedMedia } from './library-types.ts'
import { LibraryWork } from './library-work.ts'

const MIB = 1024 * 1024
const RELIEVE_MS = 60_000

type Doable = Extract<Task, { readonly kind: 'verify' | 'fetch' | 'speak' }>
type Choice = {
  readonly entry: Entry | undefined
  readonly task: Doable | undefined
  /** When something that is needed sooner may be tried; monotonic milliseconds. */
  readonly soonerAt: number
}

type Current = {
  readonly entry: Entry
  readonly task: Doable
  readonly stop: AbortController
  /** What was held when it began, and when that was (monotonic). */
  readonly from: { readonly bytes: number; readonly at: number }
}

/** Why work on a file was broken off; never leaves this file. */
class Superseded extends Error {}

/**
 * Brings the files that the plan needs into the cache, and the texts as they are spoken, one at a time in order of need,
 * and says of each whether it can be played. Only what is whole, has its digest and was decoded once is ever `ready`.
 */
export class Library {
  readonly #parts: LibraryParts
  readonly #shelf: LibraryShelf
  readonly #eviction: LibraryEviction
  readonly #work: LibraryWork
  readonly #speech: LibrarySpeech
  #current: Current | undefined
  #paused = false
  #fullUntil = 0
  #relieveAt = 0
  #wake: () => void = () => undefined

  constructor(parts: LibraryParts) {
    this.#parts = parts
    this.#shelf = new LibraryShelf(parts)
    this.#eviction = new LibraryEviction(parts, this.#shelf)
    this.#work = new LibraryWork(parts, this.#eviction)
    this.#speech = new LibrarySpeech(parts, this.#eviction)
  }

  /**
   * Replaces the wanted set; in order of need, soonest first: what plays now stands at its head, or it may be evicted
   * under the decoder. What was found bad or put off keeps its state unless its URLs, length or format changed.
   * A file may stand in it twice.
   */
  want(list: readonly WantedMedia[]): void {
    this.#shelf.replace(list)
    this.#reconsider()
  }

  /** Of a file by its digest, of a text by its key. */
  stateOf(id: string): MediaState {
    return this.#shelf.stateOf(id)
  }

  /** The file that was spoken of a text; until there is one its digest is the text's key, and its state `missing` or `bad`. */
  spokenAs({ key }: Utterance): AudioRef {
    const file = this.#shelf.madeOf(key)
    if (file?.verified === undefined) return { sha256: key, bytes: 0, format: 'wav', seconds: 0, urls: [] }
    const { seconds } = file.verified.measured
    return { sha256: file.sha256, bytes: file.bytes, format: 'wav', seconds, urls: [] }
  }

  /** Calls `listener` when a file or text becomes `ready`, `bad` or `missing`. Returns what ends that. */
  onChange(listener: (id: string) => void): () => void {
    return this.#shelf.onChange(listener)
  }

  /** At most `length` bytes of a file from `offset`; shorter at its end. @throws DATABASE when the cache is damaged */
  read(sha256: string, offset: number, length: number): Uint8Array {
    return this.#parts.cache.read(sha256, offset, length)
  }

  /** Stops checking at once (the decoder is killed before this returns) and until `resume`; downloads go on. */
  pause(): void {
    this.#paused = true
    this.#reconsider()
  }

  resume(): void {
    this.#paused = false
    this.#reconsider()
  }

  /** What files wait for may have come: another link, another time. */
  reconsider(): void {
    this.#reconsider()
  }

  overview(): LibraryOverview {
    const entries = [...this.#shelf.entries.values()].filter((entry) => entry.kind === 'file')
    const waiting = this.#waiting()
    const files = entries.map((entry) => {
      const { sha256 } = entry.wanted.ref
      const current = this.#current?.entry === entry ? this.#current : undefined
      return describeFile(entry, this.#shelf.stateOf(sha256), this.#shelf.find(sha256), {
        busy: current?.task.kind,
        bytesPerSecond: current?.task.kind === 'fetch' ? this.#speedOf(entry, current.from) : undefined,
        waitsUntil: waiting.get(sha256),
      })
    })
    return {
      wanted: files.length,
      present: files.filter((file) => file.state === 'ready').length,
      activity: this.activity,
      heldBytes: this.#shelf.totalBytes(),
      quotaBytes: this.#parts.quotaMb * MIB,
      files,
    }
  }

  #heldOf(entry: Entry): number {
    return this.#shelf.fileOf(entry)?.bytes ?? 0
  }

  #speedOf(entry: Entry, from: Current['from']): number | undefined {
    const seconds = (this.#parts.clock.mono() - from.at) / 1000
    const bytes = this.#heldOf(entry) - from.bytes
    return seconds <= 0 || bytes <= 0 ? undefined : Math.round(bytes / seconds)
  }

  /** Costs nothing, unlike `overview`, which looks every file up. */
  get activity(): LibraryOverview['activity'] {
    if (this.#current !== undefined) return BUSY[this.#current.task.kind]
    if (this.#fullUntil > this.#parts.clock.mono()) return 'full'
    return this.#paused ? 'paused' : 'idle'
  }

  /** Works until the signal is aborted. Rejects only on a fault that nobody foresaw. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => {
      this.#current?.stop.abort(new Superseded())
      this.#wake()
    }
    signal.addEventListener('abort', stop, { once: true })
    try {
      while (!signal.aborted) {
        await this.#relieve()
        if (signal.aborted) return
        const { entry, task, soonerAt } = this.#choose()
        if (entry === undefined || task === undefined) await this.#rest(soonerAt)
        else await this.#attend(entry, task, soonerAt)
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /** A look at the disk, each minute at most. */
  async #relieve(): Promise<void> {
    const now = this.#parts.clock.mono()
    if (now < this.#relieveAt) return
    this.#relieveAt = now + RELIEVE_MS
    try {
      await this.#eviction.relieve()
    } catch (thrown) {
      if (!(thrown instanceof LoaError)) throw thrown
      this.#parts.log.warn(
        { code: thrown.code, reason: thrown.message },
        'the media cache gives no room back',
      )
    }
  }

  #choose(): Choice {
    const now = this.#parts.clock.mono()
    const waiting = this.#waiting()
    const aheadMs = now - this.#parts.clock.wall()
    let soonerAt = Number.POSITIVE_INFINITY
    for (const [id, entry] of this.#shelf.entries) {
      const until = (waiting.get(id) ?? Number.NEGATIVE_INFINITY) + aheadMs
      const task = notBefore(until, taskFor(entry, this.#shelf.fileOf(entry), now), now)
      if (task.kind === 'wait') soonerAt = Math.min(soonerAt, task.until)
      // Speaking is not paused: it takes moments, and the words of an alert must be there when its siren ends.
      else if (task.kind === 'fetch' || task.kind === 'speak') {
        if (this.#fullUntil <= now) return { entry, task, soonerAt }
        soonerAt = Math.min(soonerAt, this.#fullUntil)
      } else if (task.kind === 'verify' && !this.#paused) return { entry, task, soonerAt }
    }
    return { entry: undefined, task: undefined, soonerAt }
  }

  /** Files that had better not be fetched yet, and until when (wall time). */
  #waiting(): ReadonlyMap<string, number> {
    return this.#parts.putOff?.(() => this.#shelf.toFetch()) ?? NOTHING_WAITS
  }

  /** Breaks off what is no longer the most urgent thing to do. */
  #reconsider(): void {
    this.#wake()
    if (this.#current === undefined) return
    const { entry, task } = this.#choose()
    if (entry !== this.#current.entry || task?.kind !== this.#current.task.kind) {
      this.#current.stop.abort(new Superseded())
    }
  }

  async #attend(entry: Entry, task: Doable, soonerAt: number): Promise<void> {
    const stop = new AbortController()
    const from = { bytes: this.#heldOf(entry), at: this.#parts.clock.mono() }
    this.#current = { entry, task, stop, from }
    this.#stopAt(soonerAt, stop)
    try {
      await this.#do(entry, task, stop.signal)
    } catch (thrown) {
      if (thrown instanceof LoaError) this.#putOffAll(entry, thrown)
      else if (!(thrown instanceof Superseded)) throw thrown
    } finally {
      this.#current = undefined
      stop.abort(new Superseded())
    }
    this.#shelf.tellAll()
  }

  async #do(entry: Entry, task: Doable, signal: AbortSignal): Promise<void> {
    if (entry.kind === 'speech') await this.#speech.speak(entry, signal)
    else if (task.kind === 'fetch') await this.#work.fetch(entry, task.url, signal)
    else await this.#work.verify(entry, signal)
  }

  /** The disk is full, or cannot be written at all: the agent lives on with what it holds. */
  #putOffAll(entry: Entry, fault: LoaError): void {
    this.#parts.log.warn(
      { code: fault.code, reason: fault.message },
      'the disk takes no more: downloads wait',
    )
    const code = fault.code === 'DISK_FULL' ? 'DISK_FULL' : 'DATABASE'
    this.#fullUntil = this.#parts.clock.mono() + FULL_RETRY_MS
    entry.problem = { code, message: fault.message }
    entry.notBefore = this.#fullUntil
  }

  /** A file that is needed sooner and was put off gets its turn when its time comes. */
  #stopAt(soonerAt: number, stop: AbortController): void {
    if (soonerAt === Number.POSITIVE_INFINITY) return
    const waitMs = soonerAt - this.#parts.clock.mono()
    this.#parts.clock.sleep(waitMs, stop.signal).then(
      () => stop.abort(new Superseded()),
      // The work ended first.
      () => undefined,
    )
  }

  async #rest(until: number): Promise<void> {
    const woken = new AbortController()
    const bell = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    const now = this.#parts.clock.mono()
    const nap = this.#parts.clock.sleep(Math.min(until - now, RELIEVE_MS), woken.signal)
    await Promise.race([bell, nap])
    woken.abort(new Superseded())
    this.#wake = () => undefined
  }
}

const NOTHING_WAITS: ReadonlyMap<string, number> = new Map()
