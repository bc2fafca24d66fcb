import type { Database } from 'better-sqlite3'
import type { DocumentKey } from '../../core/documents.ts'
import { epochMs } from '../../core/time.ts'
import { keepEarlier } from '../../core/trust/earlier.ts'
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

const COLUMNS = 'key, rev, hash, signers, message, accepted_at AS acceptedAt'

const documentOf = (row: Row): HeldDocument => ({
  ...row,
  signers: JSON.parse(row.signers),
  message: new Uint8Array(row.message),
  acceptedAt: epochMs(row.acceptedAt),
})

export type DocumentMirror = {
  /** Revisions that the mirror outside state.db remembers, and the trust documents in it. */
  readonly revisions: Readonly<Record<DocumentKey, number>>
  readonly trust: readonly HeldDocument[]
  readonly saveRevisions: (revisions: ReadonlyMap<DocumentKey, number>) => void
  readonly saveTrust: (documents: readonly HeldDocument[]) => void
}

const isTrust = (key: DocumentKey): boolean => key.endsWith('/trust')

/** The documents in force in state.db; the mirror outside it is told of every revision and of trust documents. */
export class SqliteDocuments implements DocumentStore {
  readonly #db: Database
  readonly #mirror: DocumentMirror
  readonly #revisions: Map<DocumentKey, number>

  constructor(db: Database, mirror: DocumentMirror) {
    this.#db = db
    this.#mirror = mirror
    this.#revisions = new Map(Object.entries(mirror.revisions))
    const held = new Map(this.held().map((document) => [document.key, document]))
    const restored = mirror.trust.filter(({ key, rev }) => rev > (held.get(key)?.rev ?? 0))
    inTransaction(db, () => {
      for (const document of restored) this.#write('documents', document)
    })
    for (const { key, rev } of this.held()) this.#raise(key, rev)
  }

  held(): readonly HeldDocument[] {
    return this.#db.prepare<[], Row>(`SELECT ${COLUMNS} FROM documents ORDER BY key`).all().map(documentOf)
  }

  earlier(key: DocumentKey): readonly HeldDocument[] {
    return this.#db
      .prepare<[string], Row>(`SELECT ${COLUMNS} FROM earlier WHERE key = ? ORDER BY rev DESC`)
      .all(key)
      .map(documentOf)
  }

  hold(document: HeldDocument): void {
    const { key, rev, hash } = document
    inTransaction(this.#db, () => {
      const replaced = this.#db
        .prepare<[string], Row>(`SELECT ${COLUMNS} FROM documents WHERE key = ?`)
        .get(key)
      if (replaced !== undefined && (replaced.rev !== rev || replaced.hash !== hash))
        this.#keep(documentOf(replaced), document)
      this.#write('documents', document)
    })
    if (this.#raise(key, rev)) this.#mirror.saveRevisions(this.#revisions)
    if (isTrust(key)) this.#saveTrust()
  }

  revoke(key: DocumentKey, successor?: HeldDocument): void {
    inTransaction(this.#db, () => {
      this.#db.prepare('DELETE FROM documents WHERE key = ?').run(key)
      this.#db.prepare('DELETE FROM earlier WHERE key = ? AND rev >= ?').run(key, successor?.rev ?? 0)
      if (successor !== undefined) this.#write('documents', successor)
    })
    if (successor === undefined) this.#revisions.delete(key)
    else this.#revisions.set(key, successor.rev)
    this.#mirror.saveRevisions(this.#revisions)
    if (isTrust(key)) this.#saveTrust()
  }

  drop(key: DocumentKey): void {
    inTransaction(this.#db, () => {
      for (const table of ['documents', 'earlier'] as const)
        this.#db.prepare(`DELETE FROM ${table} WHERE key = ?`).run(key)
    })
    if (isTrust(key)) this.#saveTrust()
  }

  strike(kids: readonly string[], documents: (key: DocumentKey) => boolean): void {
    inTransaction(this.#db, () => {
      for (const table of ['documents', 'earlier'] as const)
        for (const document of this.#signed(table).filter(({ key }) => documents(key))) {
          const signers = document.signers.filter((kid) => !kids.includes(kid))
          if (signers.length === document.signers.length) continue
          this.#write(table, { ...document, signers })
        }
      this.#db.prepare("DELETE FROM earlier WHERE signers = '[]'").run()
    })
  }

  highestRev(key: DocumentKey): number | undefined {
    return this.#revisions.get(key)
  }

  /** Those that publisher keys signed: root keys are never struck. */
  #signed(table: 'documents' | 'earlier'): readonly HeldDocument[] {
    return this.#db
      .prepare<[], Row>(`SELECT ${COLUMNS} FROM ${table}`)
      .all()
      .map(documentOf)
      .filter(({ key }) => !isTrust(key))
  }

  /** Bounded. Nobody revokes a root key or a document without signers: none of these ever comes back. */
  #keep(replaced: HeldDocument, present: HeldDocument): void {
    const { key } = replaced
    if (isTrust(key) || replaced.signers.length === 0) return
    this.#write('earlier', replaced)
    const all = this.earlier(key)
    const kept = new Set(keepEarlier(all, present).map(({ rev }) => rev))
    const remove = this.#db.prepare('DELETE FROM earlier WHERE key = ? AND rev = ?')
    for (const { rev } of all) if (!kept.has(rev)) remove.run(key, rev)
  }

  #write(table: 'documents' | 'earlier', document: HeldDocument): void {
    const { key, rev, hash, signers, message, acceptedAt } = document
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO ${table} (key, rev, hash, signers, message, accepted_at) VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(key, rev, hash, JSON.stringify(signers), message, Math.round(acceptedAt))
  }

  #saveTrust(): void {
    this.#mirror.saveTrust(this.held().filter(({ key }) => isTrust(key)))
  }

  #raise(key: DocumentKey, rev: number): boolean {
    if (rev <= (this.#revisions.get(key) ?? 0)) return false
    this.#revisions.set(key, rev)
    return true
  }
}
