import type { Database } from 'better-sqlite3'
import type { DocumentKey } from '../../core/documents.ts'
import { epochMs } from '../../core/time.ts'
import type { DocumentStore, HeldDocument } from '../../ports/state-store.ts'
import { inTransaction } from './state-transaction.ts'

type Row = {
  readonly key: string
  readonly rev: number
  readonly hash: string
  readonly signers: string
  readonly message: Uint8Array
  readonly acceptedAt: number
}

/** The documents in force in state.db; the mirror outside it is told of every revision. */
export class SqliteDocuments implements DocumentStore {
  readonly forgetful: boolean
  readonly #db: Database
  readonly #revisions: Map<DocumentKey, number>
  readonly #mirror: (revisions: ReadonlyMap<DocumentKey, number>) => void

  /** `mirrored`: revisions that the mirror remembers. */
  constructor(
    db: Database,
    mirrored: Readonly<Record<DocumentKey, number>>,
    mirror: (revisions: ReadonlyMap<DocumentKey, number>) => void,
  ) {
    this.#db = db
    this.#mirror = mirror
    this.#revisions = new Map(Object.entries(mirrored))
    for (const { key, rev } of this.held()) this.#raise(key, rev)
    this.forgetful = this.#revisions.size === 0
  }

  held(): readonly HeldDocument[] {
    return this.#db
      .prepare<[], Row>(
        'SELECT key, rev, hash, signers, message, accepted_at AS acceptedAt FROM documents ORDER BY key',
      )
      .all()
      .map((row) => ({
        ...row,
        signers: JSON.parse(row.signers) as readonly string[],
        message: new Uint8Array(row.message),
        acceptedAt: epochMs(row.acceptedAt),
      }))
  }

  hold({ key, rev, hash, signers, message, acceptedAt }: HeldDocument): void {
    const statement = this.#db.prepare(
      'INSERT OR REPLACE INTO documents (key, rev, hash, signers, message, accepted_at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    inTransaction(this.#db, () =>
      statement.run(key, rev, hash, JSON.stringify(signers), message, Math.round(acceptedAt)),
    )
    if (this.#raise(key, rev)) this.#mirror(this.#revisions)
  }

  drop(key: DocumentKey): void {
    const statement = this.#db.prepare('DELETE FROM documents WHERE key = ?')
    inTransaction(this.#db, () => statement.run(key))
    if (this.#revisions.delete(key)) this.#mirror(this.#revisions)
  }

  highestRev(key: DocumentKey): number | undefined {
    return this.#revisions.get(key)
  }

  #raise(key: DocumentKey, rev: number): boolean {
    if (rev <= (this.#revisions.get(key) ?? 0)) return false
    this.#revisions.set(key, rev)
    return true
  }
}
