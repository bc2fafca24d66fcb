import type { Database } from 'better-sqlite3'
import { LoaError } from '../../core/error.ts'
import { databaseError } from './database.ts'
import type { DiskReserve } from './disk-reserve.ts'

const reserves = new WeakMap<Database, DiskReserve>()

/** Transactions on this database may use up the reserve when the disk is full. */
export const giveReserve = (database: Database, reserve: DiskReserve): void => {
  reserves.set(database, reserve)
}

/**
 * Runs `work` whole or not at all, and once more with the reserve of the disk when that is full; durable when it returns.
 * `undone` puts right what a run that was rolled back left in memory.
 * @throws DISK_FULL, DATABASE, IO
 */
export const inTransaction = <Result>(
  database: Database,
  work: () => Result,
  undone: () => void = () => undefined,
): Result => {
  for (;;) {
    try {
      return database.transaction(work)()
    } catch (thrown) {
      undone()
      const error = databaseError(thrown, database.name)
      const isFull = error instanceof LoaError && error.code === 'DISK_FULL'
      // Inside a transaction only the outermost may begin again.
      if (!isFull || database.inTransaction || reserves.get(database)?.release() !== true) throw error
    }
  }
}
