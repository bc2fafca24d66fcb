import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** Room for thousands of records; written once in the life of a card. */
const RESERVE_BYTES = 4 * 1024 * 1024
/** Below this not even a -shm file can be made, and a database cannot be opened. */
const START_BYTES = 1024 * 1024
const BLOCK = Buffer.alloc(256 * 1024)

/**
 * Room on the disk that is given up when somebody else has filled the rest: an alert must sound and leave its record
 * then too, and an agent must start. It is taken again when there is room for several of it.
 */
export class DiskReserve {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
    this.restore()
    if (this.#freeBytes() < START_BYTES) this.release()
  }

  get isSpent(): boolean {
    return !existsSync(this.#path)
  }

  /** False when there was nothing to give up. */
  release(): boolean {
    if (this.isSpent) return false
    rmSync(this.#path)
    return true
  }

  restore(): void {
    if (!this.isSpent) return
    if (this.#freeBytes() < 3 * RESERVE_BYTES) return
    const temporary = `${this.#path}.tmp`
    try {
      const file = openSync(temporary, 'w', 0o600)
      try {
        // Zeros that are written take room; a file that is only made long takes none.
        for (let at = 0; at < RESERVE_BYTES; at += BLOCK.length) writeSync(file, BLOCK)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(temporary, this.#path)
    } catch {
      // Somebody else was quicker: without the reserve `isSpent` says so.
      rmSync(temporary, { force: true })
    }
  }

  #freeBytes(): number {
    const { bavail, bsize } = statfsSync(dirname(this.#path))
    return bavail * bsize
  }
}
