import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Database } from 'better-sqlite3'

/** Waits until what was written to a file is on the medium. */
export type SyncFile = (descriptor: number) => Promise<void>

export const syncOffThread: SyncFile = promisify(fdatasync)

/**
 * Does for a database opened with `synchronous: 'OFF'` and `checkpointPages: 0` what SQLite does with NORMAL, but
 * waits for the medium off the main thread: on a worn SD card one fsync may take 200 ms, and an alert cannot wait.
 *
 * The order is SQLite's own (https://www.sqlite.org/wal.html#checkpointing): -wal before the database is touched,
 * database before the -wal is overwritten. The -wal is cut off before it is used again, so that an old header
 * is never followed by new frames. Its owner must not write between start and end of `checkpoint`.
 */
export class HandSync implements Disposable {
  readonly #database: Database
  readonly #sync: SyncFile
  readonly #main: number
  readonly #wal: number

  constructor(database: Database, sync: SyncFile = syncOffThread) {
    this.#database = database
    this.#sync = sync
    this.#main = openSync(database.name, 'r+')
    this.#wal = openSync(`${database.name}-wal`, 'r+')
  }

  /** Resolves when everything committed so far would survive a power cut. */
  async checkpoint(): Promise<void> {
    await this.#sync(this.#wal)
    this.#database.pragma('wal_checkpoint(PASSIVE)')
    await this.#sync(this.#main)
    this.#database.pragma('wal_checkpoint(TRUNCATE)')
    await this.#sync(this.#wal)
  }

  /** Only after the database is closed: closing any descriptor of it drops SQLite's locks (fcntl(2)). */
  [Symbol.dispose](): void {
    closeSync(this.#main)
    closeSync(this.#wal)
  }
}
