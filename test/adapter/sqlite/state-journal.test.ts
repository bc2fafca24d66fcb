import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../../agent/adapters/sqlite/database.ts'
import { openStateDb } from '../../../agent/adapters/sqlite/state-db.ts'
import { SqliteJournal } from '../../../agent/adapters/sqlite/state-journal.ts'
import { STATE_ADDITIONS, STATE_MIGRATIONS } from '../../../agent/adapters/sqlite/state-schema.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { now } from '../../contract/state-stores.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-journal-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = (): StateStore =>
  openStateDb({
    directory: join(folder, 'state'),
    runtime: folder,
    machineId: 'm-1',
    wall: () => now,
    log: { warn: () => undefined },
    mirroredFacts: [],
  })

const texts = ({ journal }: StateStore): readonly string[] => [...journal.stretches()]

test('what was written outlives a process that is killed, and a closed one', async () => {
  const killed = open()
  killed.journal.write(['{"v":1}', 'a'], 1)
  killed.journal.write(['b'], 1)
  const next = open()
  expect(next.journal.isFresh).toBe(true)
  expect(texts(next)).toEqual(['{"v":1}\na\nb\n'])
  next.journal.write(['{"v":1}', 'c'], 1)
  expect(texts(next)).toEqual(['{"v":1}\na\nb\n', '{"v":1}\nc\n'])
  await next[Symbol.asyncDispose]()
  expect(texts(open())).toEqual(['{"v":1}\na\nb\n', '{"v":1}\nc\n'])
})

test('the oldest stretches go when the inputs are too many, the newest never', () => {
  const database = new Database(':memory:')
  database.exec(STATE_ADDITIONS)
  const journal = new SqliteJournal(database, { wall: () => now, log: { warn: () => undefined }, limit: 10 })
  for (const [name, inputs] of [
    ['a', 4],
    ['b', 4],
    ['c', 4],
    ['d', 50],
  ] as const) {
    journal.write([name], inputs)
    journal.keep()
    if (name === 'c') expect([...journal.stretches()]).toEqual(['b\n', 'c\n'])
  }
  expect([...journal.stretches()]).toEqual(['d\n'])
})

test('the release before opens what this one wrote', async () => {
  const store = open()
  store.journal.write(['{"v":1}'], 0)
  await store[Symbol.asyncDispose]()
  const database = new Database(join(folder, 'state', 'state.db'))
  expect(database.pragma('user_version', { simple: true })).toBe(STATE_MIGRATIONS.length)
  expect(STATE_MIGRATIONS.join('')).not.toContain('journal')
  database.close()
})

test('a disk that cannot be written costs the stretch, not the agent', () => {
  const database = new Database(':memory:')
  const told: string[] = []
  database.exec(STATE_ADDITIONS)
  const journal = new SqliteJournal(database, {
    wall: () => now,
    log: { warn: (_, message) => told.push(message) },
  })
  database.exec('ALTER TABLE journal RENAME TO gone')
  journal.write(['a'], 1)
  journal.keep()
  expect(told).toEqual(['what the arbiter was told cannot be kept'])
  expect(journal.isFresh).toBe(true)
})

test('without room for its table the journal holds the open stretch alone', () => {
  const journal = new SqliteJournal(new Database(':memory:'), {
    wall: () => now,
    log: { warn: () => undefined },
  })
  journal.write(['a'], 1)
  expect([...journal.stretches()]).toEqual(['a\n'])
  journal.keep()
  expect([...journal.stretches()]).toEqual([])
})

test('a file whose disk refuses the table opens all the same', () => {
  const path = join(folder, 'full.db')
  openDatabase(path, { migrations: STATE_MIGRATIONS, synchronous: 'NORMAL' }).close()
  // As much room as the file has, and no page more.
  const additions = `PRAGMA max_page_count = 1; ${STATE_ADDITIONS}`
  const database = openDatabase(path, { migrations: STATE_MIGRATIONS, synchronous: 'NORMAL', additions })
  expect(database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'journal'").get()).toBeUndefined()
  database.close()
})
