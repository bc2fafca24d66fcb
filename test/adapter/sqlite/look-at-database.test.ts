import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../agent/adapters/sqlite/database.ts'
import { lookAtDatabase } from '../../../agent/adapters/sqlite/look-at-database.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-look-'))
  path = join(folder, 'state.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const filled = () => {
  const database = openDatabase(path, {
    migrations: [{ sql: 'CREATE TABLE t (a TEXT)', oldestReader: 1 }],
    synchronous: 'OFF',
  })
  const insert = database.prepare('INSERT INTO t VALUES (?)')
  for (let n = 0; n < 200; n += 1) insert.run('x'.repeat(500))
  return database
}

describe('a look at a database (real files)', () => {
  test('finds it whole while somebody has it open, and leaves no file behind when nobody has', async () => {
    const database = filled()
    expect(await lookAtDatabase(path, true, 5000)).toBe('ok')
    database.close()
    expect(await lookAtDatabase(path, false, 5000)).toBe('ok')
    expect(readdirSync(folder)).toEqual(['state.db'])
  })

  test('finds noise and a file that was cut off', async () => {
    filled().close()
    truncateSync(path, 20_000)
    expect(await lookAtDatabase(path, false, 5000)).toMatch(/malformed|page|invalid/i)
    writeFileSync(path, 'noise '.repeat(5000))
    expect(await lookAtDatabase(path, false, 5000)).toContain('not a database')
    expect(readdirSync(folder)).toEqual(['state.db'])
  })

  test('knows nothing of a file that is not there, and gives up in time', async () => {
    expect(await lookAtDatabase(path, false, 5000)).toBeUndefined()
    filled().close()
    expect(await lookAtDatabase(path, false, 0)).toBeUndefined()
  })
})
