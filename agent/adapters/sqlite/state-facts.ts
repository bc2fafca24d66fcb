import type { Database } from 'better-sqlite3'
import type { Facts } from '../../ports/state-store.ts'
import type { ProgressFile } from './state-progress.ts'
import { inTransaction } from './state-transaction.ts'

/** A fact is a number, or text that a number leads: the count of its changes. */
const rankOf = (text: string): number => {
  const [number = ''] = text.split(' ', 1)
  return number === '' ? Number.NaN : Number(number)
}

/** Of two memories of one fact the one with the higher number; where they have none that of the database. */
const latest = (stored: string | undefined, mirrored: string): string =>
  stored === undefined || rankOf(mirrored) > rankOf(stored) ? mirrored : stored

/** Facts that change each minute: where they are kept meanwhile, and which those are. */
export type RestlessFacts = {
  readonly names: readonly string[]
  readonly file: ProgressFile
  /** Milliseconds that never jump. */
  readonly mono: () => number
}

/** How often a restless fact goes into the database and its mirror as well, should its file be lost. */
const KEPT_EVERY_MS = 3_600_000

/**
 * Facts in state.db; the mirror outside it is told of those that must outlive it. Those that change each minute go to the
 * progress file, and into the database each hour only: a commit costs the flash several times as much.
 */
export class SqliteFacts implements Facts {
  readonly #db: Database
  readonly #restless: RestlessFacts
  readonly #keptAt = new Map<string, number>()
  readonly #facts: Map<string, string>
  readonly #mirror: (name: string, facts: ReadonlyMap<string, string>) => void

  /** `mirrored`: facts that the mirror remembers. */
  constructor(
    db: Database,
    mirrored: Readonly<Record<string, string>>,
    mirror: (name: string, facts: ReadonlyMap<string, string>) => void,
    restless: RestlessFacts,
  ) {
    this.#db = db
    this.#restless = restless
    this.#mirror = mirror
    const rows = db.prepare<[], { name: string; value: string }>('SELECT name, value FROM facts').all()
    this.#facts = new Map(rows.map(({ name, value }) => [name, value]))
    for (const [name, value] of Object.entries(mirrored))
      this.#facts.set(name, latest(this.#facts.get(name), value))
    // Newer than both, even where it is lower: a clock that was ahead and was set right.
    for (const [name, value] of Object.entries(restless.file.facts)) this.#facts.set(name, value)
  }

  get(name: string): string | undefined {
    return this.#facts.get(name)
  }

  set(name: string, value: string): void {
    if (this.#facts.get(name) === value) return
    if (this.#restless.names.includes(name)) {
      this.#facts.set(name, value)
      this.#restless.file.note(name, value)
      if (!this.#isDue(name)) return
    }
    const statement = this.#db.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)')
    inTransaction(this.#db, () => statement.run(name, value))
    this.#facts.set(name, value)
    this.#mirror(name, this.#facts)
  }

  settle(): void {
    this.#restless.file.flush()
  }

  #isDue(name: string): boolean {
    const now = this.#restless.mono()
    if (now - (this.#keptAt.get(name) ?? Number.NEGATIVE_INFINITY) < KEPT_EVERY_MS) return false
    this.#keptAt.set(name, now)
    return true
  }
}
