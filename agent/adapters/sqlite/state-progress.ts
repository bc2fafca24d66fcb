import { createHash } from 'node:crypto'
import { closeSync, constants, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'

/** Positions of what plays, by occurrence. */
export type Progress = Readonly<Record<string, { readonly draft: string; readonly resume: string }>>

const HALF_BYTES = 32_768
const FLUSH_EVERY_MS = 1500

const sealed = (sequence: number, progress: Progress): Buffer => {
  const body = JSON.stringify({ sequence, progress })
  return Buffer.from(`${createHash('sha256').update(body).digest('hex')}${body}\n`)
}

const unsealed = (half: Buffer): { sequence: number; progress: Progress } | undefined => {
  const end = half.indexOf(0x0a)
  if (end < 64) return undefined
  const [digest, body] = [half.toString('latin1', 0, 64), half.toString('utf8', 64, end)]
  return digest === createHash('sha256').update(body).digest('hex') ? JSON.parse(body) : undefined
}

/**
 * A preallocated file for positions while something plays: two halves written in turn, so that a power cut
 * in the middle of a write costs the newest position only. SQLite would write some pages for each.
 */
export class ProgressFile {
  readonly #file: number
  readonly #mono: () => number
  #sequence = 0
  #flushedAt = Number.NEGATIVE_INFINITY
  #progress: Progress = {}

  /** `mono`: milliseconds that never jump. */
  constructor(path: string, mono: () => number) {
    this.#mono = mono
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    if (fstatSync(this.#file).size < 2 * HALF_BYTES)
      writeSync(this.#file, Buffer.alloc(2 * HALF_BYTES), 0, 2 * HALF_BYTES, 0)
    for (const half of [0, 1]) this.#load(half)
  }

  get progress(): Progress {
    return this.#progress
  }

  set(key: string, draft: string, resume: string): void {
    this.#progress = { ...this.#progress, [key]: { draft, resume } }
    if (this.#mono() - this.#flushedAt >= FLUSH_EVERY_MS) this.#flush()
  }

  /** What is closed needs no position; the file follows with the next one. */
  drop(key: string): void {
    const { [key]: _, ...rest } = this.#progress
    this.#progress = rest
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #load(half: number): void {
    const bytes = Buffer.alloc(HALF_BYTES)
    readSync(this.#file, bytes, 0, HALF_BYTES, half * HALF_BYTES)
    const found = unsealed(bytes)
    if (found === undefined || found.sequence <= this.#sequence) return
    this.#sequence = found.sequence
    this.#progress = found.progress
  }

  #flush(): void {
    const bytes = sealed(this.#sequence + 1, this.#progress)
    // Only dozens of open items at once come near this; their rows in the ledger still hold where they began.
    if (bytes.length > HALF_BYTES) return
    this.#sequence += 1
    writeSync(this.#file, bytes, 0, bytes.length, (this.#sequence % 2) * HALF_BYTES)
    fdatasyncSync(this.#file)
    this.#flushedAt = this.#mono()
  }
}
