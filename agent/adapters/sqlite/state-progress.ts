import { closeSync, constants, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { type SyncFile, syncOffThread } from './hand-sync.ts'
import { PositionShadow, type Progress } from './position-shadow.ts'
import { sealed, unsealed } from './seal.ts'

type Content = {
  readonly sequence: number
  readonly progress: Progress
  readonly facts: Readonly<Record<string, string>>
}

const HALF_BYTES = 32_768
/** Positions are durable so often; those between go into the shadow. */
const FLUSH_EVERY_MS = 1800
/** While something plays the next position takes it along. */
const NOTED_AFTER_MS = 2500
/** Facts of each minute come from several sides: together they cost one write in it. */
const NOTED_EVERY_MS = 60_000
const EMPTY: Content = { sequence: 0, progress: {}, facts: {} }

/**
 * A preallocated file for what changes all the time: positions while something plays, and the facts of each minute. Two
 * halves are written in turn, so that a power cut in the middle of a write costs the newest state only. SQLite would
 * write some pages for each.
 */
export class ProgressFile {
  readonly #file: number
  readonly #mono: () => number
  readonly #shadow: PositionShadow | undefined
  readonly #sync: SyncFile
  #flushedAt = Number.NEGATIVE_INFINITY
  #content = EMPTY
  /** What was written of: a piece that begins is noted at once, or after a crash it would begin again. */
  readonly #begun = new Set<string>()
  #later: NodeJS.Timeout | undefined
  #syncing = false
  /** There is more to write than what is being synced. */
  #again = false
  #closed = false

  /** `mono`: milliseconds that never jump. `shadow`: a path in memory that outlives the process. */
  constructor(path: string, mono: () => number, shadow?: string, sync: SyncFile = syncOffThread) {
    this.#mono = mono
    this.#sync = sync
    this.#shadow = shadow === undefined ? undefined : new PositionShadow(shadow)
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    if (fstatSync(this.#file).size < 2 * HALF_BYTES)
      writeSync(this.#file, Buffer.alloc(2 * HALF_BYTES), 0, 2 * HALF_BYTES, 0)
    for (const half of [0, 1]) this.#load(half)
    const { sequence, progress } = this.#content
    if (this.#shadow !== undefined)
      this.#content = { ...this.#content, progress: this.#shadow.since(sequence, progress) }
  }

  get progress(): Progress {
    return this.#content.progress
  }

  get facts(): Content['facts'] {
    return this.#content.facts
  }

  set(key: string, draft: string, resume: string): void {
    const { progress } = this.#content
    this.#content = { ...this.#content, progress: { ...progress, [key]: { draft, resume } } }
    if (!this.#begun.has(key) || this.#mono() - this.#flushedAt >= FLUSH_EVERY_MS) this.#flushBeside()
    else this.#shadow?.write({ sequence: this.#content.sequence, progress: this.#content.progress })
  }

  /** What is closed needs no position; the file follows with the next one. */
  drop(key: string): void {
    const { [key]: _, ...rest } = this.#content.progress
    this.#content = { ...this.#content, progress: rest }
    this.#begun.delete(key)
  }

  /** Durable 2.5 s later, but a minute after the last write at the earliest, or with what is written before. */
  note(name: string, value: string): void {
    this.#content = { ...this.#content, facts: { ...this.#content.facts, [name]: value } }
    const wait = Math.max(NOTED_AFTER_MS, this.#flushedAt + NOTED_EVERY_MS - this.#mono())
    this.#later ??= setTimeout(() => this.#flushBeside(), wait).unref()
  }

  /** Everything that is known is durable when this returns, unless the disk refuses: that is told by whoever must write. */
  flush(): void {
    try {
      this.#write()
      fdatasyncSync(this.#file)
    } catch {
      // What plays plays on; a start would take it up where it was last written down.
    }
  }

  close(): void {
    this.flush()
    this.#shadow?.close()
    this.#closed = true
    if (!this.#syncing) closeSync(this.#file)
  }

  /**
   * Waits for the medium off the main thread: a worn card takes 200 ms, and an alert cannot wait. A disk that refuses is
   * found and told by whoever must write; what is written here goes with the next position or minute.
   */
  #flushBeside(): void {
    if (this.#syncing) {
      this.#again = true
      return
    }
    try {
      this.#write()
    } catch {
      return
    }
    this.#again = false
    this.#syncing = true
    const synced = (): void => {
      this.#syncing = false
      if (this.#closed) closeSync(this.#file)
      else if (this.#again) this.#flushBeside()
    }
    this.#sync(this.#file).then(synced, synced)
  }

  #write(): void {
    clearTimeout(this.#later)
    this.#later = undefined
    const next = { ...this.#content, sequence: this.#content.sequence + 1 }
    const bytes = sealed(next)
    // Only dozens of open items at once come near this; their rows in the ledger still hold where they began.
    if (bytes.length > HALF_BYTES) return
    this.#content = next
    writeSync(this.#file, bytes, 0, bytes.length, (next.sequence % 2) * HALF_BYTES)
    for (const key of Object.keys(next.progress)) this.#begun.add(key)
    this.#flushedAt = this.#mono()
  }

  #load(half: number): void {
    const bytes = Buffer.alloc(HALF_BYTES)
    readSync(this.#file, bytes, 0, HALF_BYTES, half * HALF_BYTES)
    // The release before kept no facts here.
    const found = { ...EMPTY, ...unsealed<Content>(bytes) }
    if (found.sequence > this.#content.sequence) this.#content = found
  }
}
