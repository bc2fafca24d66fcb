import { closeSync, fsyncSync, globSync, openSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { LoaError } from '../../core/error.ts'

/** What stays free beside the copy: the migration itself needs room too. */
const SPARE_BYTES = 8 * 1024 * 1024

/** Where the copy of a database lies that was taken before it left this version. */
export const copyPath = (path: string, version: number): string => `${path}.before-v${version + 1}`

/**
 * Keeps a consistent copy of a database beside it, the only one of its kind: whoever puts it in the place of the
 * database has the release before again. After a power cut it is there whole or not at all.
 * @throws DISK_FULL when there is no room for it; whatever SQLite or the system throws
 */
export const keepCopy = (database: Database, version: number): void => {
  const path = database.name
  const target = copyPath(path, version)
  const temporary = `${target}.tmp`
  rmSync(temporary, { force: true })
  assertRoom(database)
  try {
    database.prepare('VACUUM INTO ?').run(temporary)
    sync(temporary)
    renameSync(temporary, target)
    sync(dirname(path))
  } catch (thrown) {
    rmSync(temporary, { force: true })
    throw thrown
  }
  for (const other of globSync(`${basename(path)}.before-v*`, { cwd: dirname(path) }))
    if (other !== basename(target)) rmSync(join(dirname(path), other), { force: true })
}

const assertRoom = (database: Database): void => {
  const pages = Number(database.pragma('page_count', { simple: true }))
  const bytes = pages * Number(database.pragma('page_size', { simple: true }))
  const { bavail, bsize } = statfsSync(dirname(database.name))
  if (bavail * bsize < bytes + SPARE_BYTES)
    throw new LoaError('DISK_FULL', `no room for a copy of ${database.name} (${bytes} bytes)`)
}

const sync = (path: string): void => {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
