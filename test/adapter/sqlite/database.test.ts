import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, setAside } from '../../../agent/adapters/sqlite/database.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'loa-database-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const migrations = ['CREATE TABLE a (x INTEGER) STRICT', 'ALTER TABLE a ADD COLUMN y TEXT']

describe('openDatabase', () => {
  it('makes the folder, opens in WAL mode and runs each migration once', () => {
    const path = join(directory, 'deep', 'x.db')
    const first = openDatabase(path, { migrations: migrations.slice(0, 1), synchronous: 'FULL' })
    first.exec('INSERT INTO a VALUES (7)')
    expect(first.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(first.pragma('synchronous', { simple: true })).toBe(2)
    first.close()
    const second = openDatabase(path, { migrations, synchronous: 'NORMAL' })
    expect(second.prepare('SELECT x, y FROM a').get()).toEqual({ x: 7, y: null })
    expect(second.pragma('user_version', { simple: true })).toBe(2)
    expect(second.pragma('synchronous', { simple: true })).toBe(1)
    second.close()
  })

  it('leaves the version as it was when a migration fails', () => {
    const path = join(directory, 'x.db')
    openDatabase(path, { migrations: migrations.slice(0, 1), synchronous: 'FULL' }).close()
    const broken = [...migrations.slice(0, 1), 'CREATE TABLE b (x); CREATE TABLE b (x)']
    expect(() => openDatabase(path, { migrations: broken, synchronous: 'FULL' })).toThrow(/already exists/)
    const again = openDatabase(path, { migrations, synchronous: 'FULL' })
    expect(again.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'b'").pluck().get()).toBe(0)
    again.close()
  })

  it('calls a file that is no database, and one with a torn page, DATABASE', () => {
    const noise = join(directory, 'noise.db')
    writeFileSync(noise, 'this is not a database, whatever its name says. '.repeat(100))
    expect(() => openDatabase(noise, { migrations, synchronous: 'FULL' })).toThrow(
      expect.objectContaining({ code: 'DATABASE' }),
    )
    const torn = join(directory, 'torn.db')
    const database = openDatabase(torn, { migrations, synchronous: 'FULL' })
    const insert = database.prepare('INSERT INTO a VALUES (?, ?)')
    for (let row = 0; row < 2000; row += 1) insert.run(row, 'x'.repeat(50))
    database.close()
    writeFileSync(torn, Buffer.alloc(4096 * 4, 0xa5), { flag: 'r+' })
    expect(() => openDatabase(torn, { migrations, synchronous: 'FULL' })).toThrow(
      expect.objectContaining({ code: 'DATABASE' }),
    )
  })

  it('refuses a database of a later agent', () => {
    const path = join(directory, 'x.db')
    openDatabase(path, { migrations, synchronous: 'FULL' }).close()
    expect(() => openDatabase(path, { migrations: [], synchronous: 'FULL' })).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED' }),
    )
  })
})

describe('setAside', () => {
  it('moves the file and its companions, so that the next open starts anew', () => {
    const path = join(directory, 'x.db')
    writeFileSync(path, 'noise')
    writeFileSync(`${path}-wal`, 'noise')
    expect(setAside(path, 'damaged-1')).toBe(`${path}.damaged-1`)
    expect(existsSync(path)).toBe(false)
    expect(existsSync(`${path}-wal`)).toBe(false)
    openDatabase(path, { migrations, synchronous: 'FULL' }).close()
  })
})
