import type { Database } from 'better-sqlite3'
import { databaseError } from './database.ts'

/**
 * Runs `work` whole or not at all; durable when it returns.
 * @throws DISK_FULL, DATABASE, IO
 */
export const inTransaction = <Result>(database: Database, work: () => Result): Result => {
  try {
    return database.transaction(work)()
  } catch (thrown) {
    throw databaseError(thrown, database.name)
  }
}
