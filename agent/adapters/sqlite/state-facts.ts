import type { Database } from 'better-sqlite3'
import type { Facts } from '../../ports/state-store.ts'
import { inTransaction } from './state-transaction.ts'

/** A fact is a number, or text that a number leads: the count of its changes. */
const rankOf = (text: string): number => {
  const [number = ''] = text.split(' ', 1)
  return number === '' ? Number.NaN : Number(number)
}

/** Of two memories of one fact the one with the higher number; where they have none that of the database. */
const latest = (stored: string | undefined, mirrored: string): string =>
  stored === undefined || rankOf(mirrored) > rankOf(stored) ? mirrored : stored

/** Facts in state.db; the mirror outside it is told of those that must outlive it. */
export class SqliteFacts implements Facts {
  readonly #db: Database
  readonly #facts: Map<string, string>
  readonly #mirror: (name: string, facts: ReadonlyMap<string, string>) => void

  /** `mirrored`: facts that the mirror remembers. */
  constructor(
    db: Database,
    mirrored: Readonly<Record<string, string>>,
    mirror: (name: string, facts: ReadonlyMap<string, string>) => void,
  ) {
    this.#db = db
    this.#mirror = mirror
    const rows = db.prepare<[], { name: string; value: string }>('SELECT name, value FROM facts').all()
    this.#facts = new Map(rows.map(({ name, value }) => [name, value]))
    for (const [name, value] of Object.entries(mirrored))
      this.#facts.set(name, latest(this.#facts.get(name), value))
  }

  get(name: string): string | undefined {
    return this.#facts.get(name)
  }

  set(name: string, value: string): void {
    if (this.#facts.get(name) === value) return
    const statement = this.#db.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)')
    inTransaction(this.#db, () => statement.run(name, value))
    this.#facts.set(name, value)
    this.#mirror(name, this.#facts)
  }
}
