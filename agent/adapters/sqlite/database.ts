import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import type { FaultCode } from '../../core/codes.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import { keepCopy } from './migration-copy.ts'

export type Migration = {
  readonly sql: string
  /**
   * The oldest version whose agent reads and goes on writing what this migration leaves: an update may have to go back
   * to the release before. Something that is only added keeps that of the version before; its own where that is not so.
   */
  readonly oldestReader: number
}

export type DatabaseOptions = {
  /** What turns an empty file into this version; entry n leads to `user_version` n + 1. */
  readonly migrations: readonly Migration[]
  /** Run at each opening after the migrations: what makes a table where it is missing, if the disk lets it. */
  readonly additions?: string
  /** Keeps a copy beside the file before it is brought up to date, and hears why when there is none. */
  readonly copy?: { readonly onMissing: (why: unknown) => void }
  /** OFF is for an owner that syncs by its own hand. */
  readonly synchronous: 'FULL' | 'NORMAL' | 'OFF'
  /** Tables that quick_check looks at; all of the file when absent (that reads every page of it). */
  readonly check?: readonly string[]
  /** Counts only when the file is made. Bytes. */
  readonly pageBytes?: number
  readonly cacheKib?: number
  /** Pages in the -wal file that set off a checkpoint; 0: the owner does it. */
  readonly checkpointPages?: number
}

/**
 * Opens or makes a database in WAL mode, checks it and brings it up to date, each migration in a transaction.
 * @throws DATABASE when the file is damaged (see `setAside`)
 * One that a later version of the agent wrote is opened too, as it is, where it says that this one can read it.
 * @throws UNSUPPORTED when it does not; the file is left as it is
 * @throws DISK_FULL, IO when the system refuses
 */
export const openDatabase = (path: string, options: DatabaseOptions): Database => {
  let database: Database | undefined
  try {
    mkdirSync(dirname(path), { recursive: true })
    database = new Sqlite(path)
    applyPragmas(database, options)
    assertSound(database, options.check)
    migrate(database, options)
    add(database, options.additions)
    return database
  } catch (thrown) {
    database?.close()
    throw databaseError(thrown, path)
  }
}

/** Moves a damaged database with its -wal and -shm out of the way and says where it is now. */
export const setAside = (path: string, suffix: string): string => {
  const target = `${path}.${suffix}`
  renameSync(path, target)
  for (const companion of ['-wal', '-shm']) {
    try {
      renameSync(path + companion, target + companion)
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown
    }
  }
  return target
}

/** Deletes a database with its -wal and -shm. It must not be open. */
export const removeDatabase = (path: string): void => {
  for (const companion of ['', '-wal', '-shm']) rmSync(path + companion, { force: true })
}

/** A fault of SQLite in the words of the agent; whatever else was thrown comes back as it is. */
export const databaseError = (thrown: unknown, path: string): unknown => {
  if (!(thrown instanceof Sqlite.SqliteError)) return thrown
  return new LoaError(faultOf(thrown.code), `${path}: ${messageOf(thrown)} (${thrown.code})`, {
    cause: thrown,
  })
}

/** A fault of a system call in the words of the agent, `IO`; whatever else was thrown comes back as it is. */
export const systemError = (thrown: unknown, path: string): unknown =>
  isOfTheSystem(thrown) ? new LoaError('IO', `${path}: ${messageOf(thrown)}`, { cause: thrown }) : thrown

/** A system call said no. */
export const isOfTheSystem = (thrown: unknown): boolean =>
  thrown instanceof Error && 'syscall' in thrown && 'errno' in thrown

const UNWRITABLE = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/

/** The disk takes no more, for whatever reason: full, read-only, or broken. */
export const isUnwritable = (thrown: unknown): boolean => {
  const cause = thrown instanceof LoaError ? thrown.cause : thrown
  return cause instanceof Sqlite.SqliteError && UNWRITABLE.test(cause.code)
}

const faultOf = (sqliteCode: string): FaultCode => {
  if (sqliteCode.startsWith('SQLITE_CORRUPT') || sqliteCode === 'SQLITE_NOTADB') return 'DATABASE'
  return sqliteCode === 'SQLITE_FULL' || sqliteCode === 'SQLITE_IOERR_SHMSIZE' ? 'DISK_FULL' : 'IO'
}

const applyPragmas = (database: Database, options: DatabaseOptions): void => {
  // Both count only while the file is empty, and page_size only before WAL mode.
  database.pragma(`page_size = ${options.pageBytes ?? 4096}`)
  database.pragma('auto_vacuum = INCREMENTAL')
  database.pragma('journal_mode = WAL')
  database.pragma(`synchronous = ${options.synchronous}`)
  database.pragma(`cache_size = -${options.cacheKib ?? 512}`)
  database.pragma(`wal_autocheckpoint = ${options.checkpointPages ?? 256}`)
  database.pragma('journal_size_limit = 1048576')
  database.pragma('foreign_keys = ON')
  database.pragma('trusted_schema = OFF')
  database.pragma('busy_timeout = 2000')
}

const assertSound = (database: Database, tables: readonly string[] | undefined): void => {
  const existing = new Set(database.prepare('SELECT name FROM sqlite_schema').pluck().all())
  const targets = tables === undefined ? [''] : tables.filter((table) => existing.has(table))
  for (const table of targets) {
    const verdict = database.pragma(table === '' ? 'quick_check(1)' : `quick_check("${table}")`, {
      simple: true,
    })
    if (verdict !== 'ok') throw new LoaError('DATABASE', `${database.name}: ${String(verdict)}`)
  }
}

/** Of a file that a later version wrote, or undefined where none is named: then only those that know its version read it. */
const oldestReaderOf = (database: Database): number | undefined => {
  const known = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'reader'").get()
  if (known === undefined) return undefined
  return database.prepare<[], number>('SELECT oldest FROM reader').pluck().get()
}

const assertReadable = (database: Database, version: number, own: number): void => {
  if (version <= own) return
  const oldest = oldestReaderOf(database)
  if (oldest !== undefined && oldest <= own) return
  throw new LoaError('UNSUPPORTED', `${database.name} has version ${version}, newer than this agent`)
}

/** What one migration shut out stays shut out, whatever the next ones say. */
const nameOldestReader = (database: Database, oldest: number): void => {
  database.exec(
    'CREATE TABLE IF NOT EXISTS reader (id INTEGER PRIMARY KEY CHECK (id = 1), oldest INTEGER NOT NULL) STRICT',
  )
  database
    .prepare<[number]>(
      'INSERT INTO reader (id, oldest) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET oldest = max(oldest, excluded.oldest)',
    )
    .run(oldest)
}

const migrate = (database: Database, { migrations, copy }: DatabaseOptions): void => {
  const version = Number(database.pragma('user_version', { simple: true }))
  assertReadable(database, version, migrations.length)
  if (copy !== undefined && version < migrations.length) tryToCopy(database, version, copy)
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue
    database.transaction(() => {
      database.exec(migration.sql)
      nameOldestReader(database, migration.oldestReader)
      database.pragma(`user_version = ${index + 1}`)
    })()
  }
}

/** What can be done without is not made on a full disk: the database opens all the same. */
const add = (database: Database, additions: string | undefined): void => {
  if (additions === undefined) return
  try {
    database.exec(additions)
  } catch (thrown) {
    if (!isUnwritable(databaseError(thrown, database.name))) throw thrown
  }
}

const tryToCopy = (
  database: Database,
  version: number,
  { onMissing }: NonNullable<DatabaseOptions['copy']>,
): void => {
  // A new file has nothing to lose.
  if (version === 0) return
  try {
    keepCopy(database, version)
  } catch (thrown) {
    onMissing(thrown)
  }
}

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
