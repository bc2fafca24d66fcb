import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { messageOf } from '../../core/error.ts'
import type { Logger } from '../../ports/logger.ts'
import { isOfTheSystem, isUnwritable } from './database.ts'

export type RefugeOptions = {
  readonly log: Pick<Logger, 'warn'>
  /** Milliseconds that never jump. */
  readonly mono: () => number
  /** The tables are in memory now: the next write goes there. */
  readonly onEntered: () => void
}

/** A dying card may take long to say no: tries to go back to it are ever further apart. */
const RETRY_MS = { first: 5000, most: 600_000 } as const

const quoted = (name: string): string => `"${name}"`

/**
 * Where the tables of a database live while its disk cannot be written: as temporary ones, in memory, of the same names.
 * SQLite finds a temporary table before one of the file, so every statement goes on, on the copy. When the disk can be
 * written again the copy takes the place of what the file had, in one transaction.
 */
export class Refuge {
  readonly #database: Database
  readonly #options: RefugeOptions
  #why: string | undefined
  #retryAt = 0
  #retryMs: number = RETRY_MS.first

  constructor(database: Database, options: RefugeOptions) {
    this.#database = database
    this.#options = options
    database.pragma('temp_store = MEMORY')
  }

  /** What the disk said; undefined while state is kept on it. */
  get why(): string | undefined {
    return this.#why
  }

  /** Moves into memory. False when it is there already. @throws what SQLite says when the file cannot be read either */
  enter(cause: unknown): boolean {
    if (this.#why !== undefined) return false
    const objects = this.#database
      .prepare<[], { type: string; name: string; sql: string }>(
        "SELECT type, name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
      )
      .all()
    const tables = objects.filter(({ type }) => type === 'table')
    this.#database.transaction(() => {
      for (const { sql } of objects)
        this.#database.exec(sql.replace(/^CREATE (TABLE|INDEX) /, 'CREATE $1 temp.'))
      for (const { name } of tables)
        this.#database.exec(`INSERT INTO temp.${quoted(name)} SELECT * FROM main.${quoted(name)}`)
    })()
    this.#why = messageOf(cause)
    this.#retryMs = RETRY_MS.first
    this.#retryAt = this.#options.mono() + this.#retryMs
    this.#options.log.warn(
      { code: 'DATABASE', cause: this.#why },
      'state.db cannot be written: state is kept in memory',
    )
    this.#options.onEntered()
    return true
  }

  /** Goes back to the disk if it can be written again and it is time to try; `now`: whatever the time. */
  leave(now = false): void {
    if (this.#why === undefined || this.#database.inTransaction) return
    if (!now && this.#options.mono() < this.#retryAt) return
    try {
      this.#probe()
      this.#writeBack()
      this.#why = undefined
      this.#options.log.warn({}, 'state.db can be written again: what was kept in memory is in it')
    } catch (thrown) {
      if (!(isUnwritable(thrown) || isOfTheSystem(thrown))) throw thrown
      this.#retryMs = Math.min(RETRY_MS.most, this.#retryMs * 2)
      this.#retryAt = this.#options.mono() + this.#retryMs
    }
  }

  /** Cheaper than a whole copy that fails. */
  #probe(): void {
    const path = join(dirname(this.#database.name), 'probe')
    const file = openSync(path, 'w', 0o600)
    try {
      writeSync(file, 'x')
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    rmSync(path)
  }

  #writeBack(): void {
    const tables = this.#database
      .prepare<[], { name: string }>("SELECT name FROM temp.sqlite_schema WHERE type = 'table'")
      .all()
    this.#database.transaction(() => {
      for (const { name } of tables) {
        this.#database.exec(`DELETE FROM main.${quoted(name)}`)
        this.#database.exec(`INSERT INTO main.${quoted(name)} SELECT * FROM temp.${quoted(name)}`)
        this.#database.exec(`DROP TABLE temp.${quoted(name)}`)
      }
    })()
  }
}
