import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'

/** Positions of what plays, by occurrence. */
export type Progress = Readonly<Record<string, { readonly draft: string; readonly resume: string }>>

type Content = {
  readonly sequence: number
  readonly progress: Progress
  readonly facts: Readonly<Record<string, string>>
}

const HALF_BYTES = 32_768
/** Positions are durable so often; in between each outlives the process, and costs the card nothing. */
const SYNC_EVERY_MS = 1800
/** While something plays the next position that is durable takes it along. */
const NOTED_WITHIN_MS = 2500
const EMPTY: Content = { sequence: 0, progress: {}, facts: {} }

const sealed = (content: Content): Buffer => {
  const body = JSON.stringify(content)
  return Buffer.from(`${createHash('sha256').update(body).digest('hex')}${body}\n`)
}

const unsealed = (half: Buffer): Content | undefined => {
  const end = half.indexOf(0x0a)
  if (end < 64) return undefined
  const [digest, body] = [half.toString('latin1', 0, 64), half.toString('utf8', 64, end)]
  // The release before kept no facts here.
  return digest === createHash('sha256').update(body).digest('hex')
    ? { ...EMPTY, ...JSON.parse(body) }
    : undefined
}

/**
 * A preallocated file for what changes all the time: positions while something plays, and the facts of each minute. One
 * half of it is durable, the other is written, again and again, until it is durable in its turn: a power cut costs what
 * came since, a SIGKILL hardly anything. SQLite would write some pages for each.
 */
export class ProgressFile {
  readonly #file: number
  readonly #mono: () => number
  #syncedAt = Number.NEGATIVE_INFINITY
  /** The half that is durable. */
  #durable = 1
  #syncs = 0
  #content = EMPTY
  /** What was written of: a piece that begins is noted at once, or after a crash it would begin again. */
  readonly #begun = new Set<string>()
  #later: NodeJS.Timeout | undefined
  #syncing = false
  /** What is known since a sync began is written when it is over; `sync`: and made durable. */
  #after: 'write' | 'sync' | undefined
  #closed = false

  /** `mono`: milliseconds that never jump. */
  constructor(path: string, mono: () => number) {
    this.#mono = mono
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    if (fstatSync(this.#file).size < 2 * HALF_BYTES)
      writeSync(this.#file, Buffer.alloc(2 * HALF_BYTES), 0, 2 * HALF_BYTES, 0)
    for (const half of [0, 1]) this.#load(half)
    // What a process that was killed had written last need not be on the medium.
    fdatasyncSync(this.#file)
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
    if (!this.#begun.has(key) || this.#mono() - this.#syncedAt >= SYNC_EVERY_MS) this.#flushBeside()
    else this.#keep()
  }

  /** What is closed needs no position; the file follows with the next one. */
  drop(key: string): void {
    const { [key]: _, ...rest } = this.#content.progress
    this.#content = { ...this.#content, progress: rest }
    this.#begun.delete(key)
  }

  /** Durable 2.5 s later, or with what is flushed before: those of one minute cost one write. */
  note(name: string, value: string): void {
    this.#content = { ...this.#content, facts: { ...this.#content.facts, [name]: value } }
    this.#later ??= setTimeout(() => this.#flushBeside(), NOTED_WITHIN_MS).unref()
  }

  /** Everything that is known is durable when this returns, unless the disk refuses: that is told by whoever must write. */
  flush(): void {
    try {
      this.#write()
      this.#beginSync()
      fdatasyncSync(this.#file)
      this.#durable = 1 - this.#durable
    } catch {
      // What plays plays on; a start would take it up where it was last written down.
    }
  }

  close(): void {
    this.flush()
    this.#closed = true
    if (!this.#syncing) closeSync(this.#file)
  }

  /**
   * Waits for the medium off the main thread: a worn card takes 200 ms, and an alert cannot wait. A disk that refuses is
   * found and told by whoever must write; what is written here goes with the next position or minute.
   */
  #flushBeside(): void {
    if (this.#syncing) {
      this.#after = 'sync'
      return
    }
    try {
      this.#write()
    } catch {
      return
    }
    this.#beginSync()
    this.#syncing = true
    const sync = this.#syncs
    fdatasync(this.#file, (error) => {
      this.#syncing = false
      // Unless everything was made durable meanwhile.
      if (error === null && sync === this.#syncs) this.#durable = 1 - this.#durable
      if (this.#closed) closeSync(this.#file)
      else this.#goOn()
    })
  }

  #goOn(): void {
    const after = this.#after
    this.#after = undefined
    if (after === 'sync') this.#flushBeside()
    else if (after === 'write') this.#keep()
  }

  #beginSync(): void {
    clearTimeout(this.#later)
    this.#later = undefined
    this.#syncedAt = this.#mono()
    this.#syncs += 1
  }

  #keep(): void {
    if (this.#syncing) {
      this.#after ??= 'write'
      return
    }
    try {
      this.#write()
    } catch {
      // As for one that should be durable.
    }
  }

  #write(): void {
    const next = { ...this.#content, sequence: this.#content.sequence + 1 }
    const bytes = sealed(next)
    // Only dozens of open items at once come near this; their rows in the ledger still hold where they began.
    if (bytes.length > HALF_BYTES) return
    this.#content = next
    writeSync(this.#file, bytes, 0, bytes.length, (1 - this.#durable) * HALF_BYTES)
    for (const key of Object.keys(next.progress)) this.#begun.add(key)
  }

  #load(half: number): void {
    const bytes = Buffer.alloc(HALF_BYTES)
    readSync(this.#file, bytes, 0, HALF_BYTES, half * HALF_BYTES)
    const found = unsealed(bytes)
    if (found === undefined || found.sequence <= this.#content.sequence) return
    this.#content = found
    this.#durable = half
  }
}
