import type { Database } from 'better-sqlite3'
import type { PlaybackBody, PlaybackRecord } from '../../core/records.ts'
import { type EpochMs, epochMs } from '../../core/time.ts'
import type { Closing, Ledger, OccurrenceKey, OpenRow } from '../../ports/state-store.ts'
import type { SqliteOutbox } from './state-outbox.ts'
import type { ProgressFile } from './state-progress.ts'
import { inTransaction } from './state-transaction.ts'

type Row = {
  readonly document: string
  readonly item: string
  readonly planned: number
  readonly draft: string
  readonly resume: string
  readonly kernelBootId: string
}

const statementsOf = (db: Database) => ({
  has: db.prepare('SELECT 1 FROM ledger WHERE document = ? AND item = ? AND planned = ?'),
  open: db.prepare(
    `INSERT INTO ledger (document, item, planned, open, draft, resume, kernel_boot_id) VALUES (?, ?, ?, 1, ?, ?, ?)
     ON CONFLICT DO UPDATE SET open = 1, draft = excluded.draft, resume = excluded.resume, kernel_boot_id = excluded.kernel_boot_id`,
  ),
  close: db.prepare(
    `INSERT INTO ledger (document, item, planned, open) VALUES (?, ?, ?, 0)
     ON CONFLICT DO UPDATE SET open = 0, draft = NULL, resume = NULL, kernel_boot_id = NULL`,
  ),
  forget: db.prepare('DELETE FROM ledger WHERE document = ? AND item = ? AND planned = ? AND open = 1'),
  opened: db.prepare<[], Row>(
    `SELECT document, item, planned, draft, resume, kernel_boot_id AS kernelBootId FROM ledger WHERE open = 1
     ORDER BY planned, document, item`,
  ),
  prune: db.prepare('DELETE FROM ledger WHERE open = 0 AND planned < ?'),
})

const fieldsOf = ({ document, item, planned }: OccurrenceKey): [string, string, number] => [
  document,
  item,
  // As `isoUtc` cuts it for the record.
  Math.floor(planned),
]
const progressKey = (key: OccurrenceKey): string => JSON.stringify(fieldsOf(key))

/** The ledger in state.db; positions of what plays are in the progress file beside it. */
export class SqliteLedger implements Ledger {
  readonly #db: Database
  readonly #outbox: SqliteOutbox
  readonly #progress: ProgressFile
  readonly #statements: ReturnType<typeof statementsOf>
  readonly #open: Set<string>

  constructor(db: Database, outbox: SqliteOutbox, progress: ProgressFile) {
    this.#db = db
    this.#outbox = outbox
    this.#progress = progress
    this.#statements = statementsOf(db)
    this.#open = new Set(
      this.#statements.opened.all().map((row) => progressKey({ ...row, planned: epochMs(row.planned) })),
    )
    for (const key of Object.keys(progress.progress)) if (!this.#open.has(key)) progress.drop(key)
  }

  has(key: OccurrenceKey): boolean {
    return this.#statements.has.get(...fieldsOf(key)) !== undefined
  }

  open(row: OpenRow): void {
    inTransaction(this.#db, () =>
      this.#statements.open.run(...fieldsOf(row), JSON.stringify(row.draft), row.resume, row.kernelBootId),
    )
    this.#progress.drop(progressKey(row))
    this.#open.add(progressKey(row))
  }

  checkpoint(key: OccurrenceKey, draft: PlaybackBody, resume: string): void {
    if (this.#open.has(progressKey(key))) this.#progress.set(progressKey(key), JSON.stringify(draft), resume)
  }

  close(key: OccurrenceKey, record: PlaybackBody): PlaybackRecord {
    const written = this.#outbox.transaction(() => {
      this.#statements.close.run(...fieldsOf(key))
      return this.#outbox.append('playback', record)
    })
    this.#left(key)
    return written
  }

  closeAll(closings: readonly Closing[]): void {
    if (closings.length === 0) return
    this.#outbox.transaction(() => {
      for (const { key, record } of closings) {
        this.#statements.close.run(...fieldsOf(key))
        this.#outbox.append('playback', record)
      }
    })
    for (const { key } of closings) this.#left(key)
  }

  forget(key: OccurrenceKey): void {
    inTransaction(this.#db, () => this.#statements.forget.run(...fieldsOf(key)))
    this.#left(key)
  }

  opened(): readonly OpenRow[] {
    return this.#statements.opened.all().map((row) => {
      const key = { document: row.document, item: row.item, planned: epochMs(row.planned) }
      const newer = this.#progress.progress[progressKey(key)]
      return {
        ...key,
        draft: JSON.parse(newer?.draft ?? row.draft) as PlaybackBody,
        resume: newer?.resume ?? row.resume,
        kernelBootId: row.kernelBootId,
      }
    })
  }

  /** Must run inside a transaction. */
  prune(before: EpochMs): void {
    this.#statements.prune.run(before)
  }

  #left(key: OccurrenceKey): void {
    this.#progress.drop(progressKey(key))
    this.#open.delete(progressKey(key))
  }
}
