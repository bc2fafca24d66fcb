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

const migrations = [
  { sql: 'CREATE TABLE a (x INTEGER) STRICT', oldestReader: 1 },
  { sql: 'ALTER TABLE a ADD COLUMN y TEXT', oldestReader: 2 },
]

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
    const twice = { sql: 'CREATE TABLE b (x); CREATE TABLE b (x)', oldestReader: 1 }
    const broken = [...migrations.slice(0, 1), twice]
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

  const open = (path: string, known: typeof migrations) =>
    openDatabase(path, { migrations: known, synchronous: 'FULL' })

  it('refuses a database of a later agent that it cannot read, and leaves it as it is', () => {
    const path = join(directory, 'x.db')
    const later = open(path, migrations)
    later.exec("INSERT INTO a (x, y) VALUES (1, 'kept')")
    later.close()
    expect(() => open(path, migrations.slice(0, 1))).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
    const again = open(path, migrations)
    expect(again.prepare('SELECT y FROM a').pluck().all()).toEqual(['kept'])
    again.close()
  })

  it('opens one of a later agent that names it as a reader, and the later one goes on with what it wrote', () => {
    const path = join(directory, 'x.db')
    const later = [...migrations, { sql: "ALTER TABLE a ADD COLUMN z TEXT DEFAULT 'new'", oldestReader: 2 }]
    open(path, later).close()
    const old = open(path, migrations)
    old.exec("INSERT INTO a (x, y) VALUES (1, 'of the old one')")
    expect(old.pragma('user_version', { simple: true })).toBe(3)
    old.close()
    const again = open(path, later)
    expect(again.prepare('SELECT y, z FROM a').all()).toEqual([{ y: 'of the old one', z: 'new' }])
    again.close()
    expect(() => open(path, migrations.slice(0, 1))).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
  })

  it('keeps out for ever whom one migration has shut out', () => {
    const path = join(directory, 'x.db')
    const incompatible = { sql: 'DROP TABLE a; CREATE TABLE a (w TEXT) STRICT', oldestReader: 3 }
    const careless = { sql: 'CREATE TABLE b (x) ', oldestReader: 1 }
    open(path, [...migrations, incompatible, careless]).close()
    expect(() => open(path, migrations)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
  })

  it('refuses one of a later agent that names no reader', () => {
    const path = join(directory, 'x.db')
    const database = open(path, migrations)
    database.exec('DROP TABLE reader; PRAGMA user_version = 3')
    database.close()
    expect(() => open(path, migrations)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }))
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
