import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Database } from 'better-sqlite3'
import { messageOf } from '../../core/error.ts'
import { epochMs } from '../../core/time.ts'
import type { Journal } from '../../ports/journal.ts'
import type { Logger } from '../../ports/logger.ts'

export type JournalOptions = {
  /** A file in memory that outlives the process; absent: the open stretch dies with it. */
  readonly file?: string
  readonly wall: () => number
  readonly log: Pick<Logger, 'warn'>
  /** Inputs kept at most; of the stretches the oldest go, the newest stays whatever its length. */
  readonly limit?: number
}

/** Weeks of a device that plays morning and evening; hours of one that plays all day. */
const LIMIT = 4000
/** No stretch of ours is longer by far: what is not ours is not unpacked. */
const MOST_BYTES = 16 * 1024 * 1024

const statementsOf = (db: Database) => ({
  add: db.prepare('INSERT INTO journal (at, inputs, content) VALUES (?, ?, ?)'),
  // Newest first, until their inputs are too many.
  prune: db.prepare(
    `DELETE FROM journal WHERE id IN (
       SELECT id FROM (SELECT id, SUM(inputs) OVER (ORDER BY id DESC) AS total FROM journal)
       WHERE total > ? AND id < (SELECT MAX(id) FROM journal))`,
  ),
  all: db.prepare<[], { content: Buffer }>('SELECT content FROM journal ORDER BY id'),
})

const hasTable = (db: Database): boolean =>
  db.prepare("SELECT 1 FROM main.sqlite_schema WHERE name = 'journal'").get() !== undefined

/** What is whole of a file whose writer may have been killed. */
const wholeLines = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1)

/** The stretches of `journal` rows as they were before they were packed. */
export const unpackStretch = (content: Buffer): string =>
  gunzipSync(content, { maxOutputLength: MOST_BYTES }).toString('utf8')

/** What a process left in its file of the open stretch; nothing when there is none. */
export const readOpenStretch = (file: string): string => {
  try {
    return wholeLines(readFileSync(file, 'utf8'))
  } catch {
    return ''
  }
}

/** Closed stretches in state.db, packed, each in one transaction; the open one in a file in memory. */
export class SqliteJournal implements Journal {
  readonly #db: Database
  readonly #options: JournalOptions
  /** Undefined where the disk was too full to make the table. */
  readonly #statements: ReturnType<typeof statementsOf> | undefined
  readonly #file: number | undefined
  /** Where there is no file. */
  #held = ''
  #length = 0
  #inputs = 0

  constructor(db: Database, options: JournalOptions) {
    this.#db = db
    this.#options = options
    this.#statements = hasTable(db) ? statementsOf(db) : undefined
    this.#file = this.#open()
    const left = this.#file === undefined ? '' : readOpenStretch(options.file ?? '')
    this.#length = left.length
    this.#inputs = left.split('\n').length - 2
    // Of a process that was killed: another one begins anew.
    this.keep()
  }

  get isFresh(): boolean {
    return this.#length === 0
  }

  get openLength(): number {
    return this.#length
  }

  write(lines: readonly string[], inputs: number): void {
    const text = `${lines.join('\n')}\n`
    try {
      if (this.#file === undefined) this.#held += text
      else writeSync(this.#file, text)
    } catch {
      // No room in memory: the stretch ends where it can still be followed.
      this.#clear()
      return
    }
    this.#length += text.length
    this.#inputs += inputs
  }

  keep(): void {
    if (this.#length > 0) this.#store(this.#openText())
    this.#clear()
  }

  *stretches(): Iterable<string> {
    // Taken now: while somebody reads, the open stretch may be kept.
    const open = this.#length > 0 ? this.#openText() : ''
    for (const { content } of this.#statements?.all.all() ?? []) yield unpackStretch(content)
    if (open !== '') yield open
  }

  close(): void {
    this.keep()
    if (this.#file !== undefined) closeSync(this.#file)
  }

  #store(text: string): void {
    const statements = this.#statements
    if (text === '' || statements === undefined) return
    try {
      const content = gzipSync(text)
      // Without the fallbacks of what must be kept: the reserve of a full disk is not for this.
      this.#db.transaction(() => {
        statements.add.run(Math.floor(epochMs(this.#options.wall())), this.#inputs, content)
        statements.prune.run(this.#options.limit ?? LIMIT)
      })()
    } catch (thrown) {
      this.#options.log.warn({ cause: messageOf(thrown) }, 'what the arbiter was told cannot be kept')
    }
  }

  #openText(): string {
    return this.#file === undefined ? this.#held : readOpenStretch(this.#options.file ?? '')
  }

  #clear(): void {
    this.#held = ''
    this.#length = 0
    this.#inputs = 0
    try {
      if (this.#file !== undefined) ftruncateSync(this.#file)
    } catch {
      // What is left behind is whole lines of an earlier stretch, and the next begins with its state.
    }
  }

  #open(): number | undefined {
    if (this.#options.file === undefined) return undefined
    try {
      return openSync(this.#options.file, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600)
    } catch (thrown) {
      this.#options.log.warn({ cause: messageOf(thrown) }, 'no file for what the arbiter is told')
      return undefined
    }
  }
}
