import type { Database } from 'better-sqlite3'
import { LoaError } from '../../core/error.ts'
import { databaseError, isUnwritable } from './database.ts'
import type { DiskReserve } from './disk-reserve.ts'
import type { Refuge } from './state-refuge.ts'

/** What a transaction falls back on when the disk does not take it. */
type Fallbacks = { readonly reserve: DiskReserve; readonly refuge: Refuge }

const fallbacks = new WeakMap<Database, Fallbacks>()

/** Transactions on this database may use up the reserve when the disk is full, and go on in memory when it cannot be written. */
export const giveFallbacks = (database: Database, given: Fallbacks): void => {
  fallbacks.set(database, given)
}

/** Something was found that may take the work if it is tried again. */
const helped = (database: Database, error: unknown): boolean => {
  const { reserve, refuge } = fallbacks.get(database) ?? {}
  const isFull = error instanceof LoaError && error.code === 'DISK_FULL'
  if (isFull && reserve?.release() === true) return true
  try {
    return isUnwritable(error) && refuge?.enter(error) === true
  } catch {
    // It cannot be read either: what is thrown is that it cannot be written.
    return false
  }
}

/**
 * Runs `work` whole or not at all, once more with the reserve of the disk when that is full, and once more in memory when
 * the disk cannot be written; otherwise durable when it returns.
 * `undone` puts right what a run that was rolled back left in memory.
 * @throws DISK_FULL, DATABASE, IO
 */
export const inTransaction = <Result>(
  database: Database,
  work: () => Result,
  undone: () => void = () => undefined,
): Result => {
  fallbacks.get(database)?.refuge.leave()
  for (;;) {
    try {
      return database.transaction(work)()
    } catch (thrown) {
      undone()
      const error = databaseError(thrown, database.name)
      // Inside a transaction only the outermost may begin again.
      if (database.inTransaction || !helped(database, error)) throw error
    }
  }
}
