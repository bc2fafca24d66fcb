import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStateDb } from '../../../agent/adapters/sqlite/state-db.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { document, event, now, numbers } from '../../contract/state-stores.ts'

let directory = ''
let warnings: string[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'loa-upkeep-'))
  warnings = []
})
afterEach(() => rmSync(directory, { recursive: true }))

const open = (): StateStore =>
  openStateDb({
    directory,
    machineId: 'm-1',
    wall: () => now,
    log: { warn: (_, message) => warnings.push(message) },
    mirroredFacts: [],
  })
const close = (store: StateStore) => store[Symbol.asyncDispose]()
const inside = (name: string) => join(directory, name)
const first = (store: StateStore) => store.outbox.pending(0, 1)[0]?.record

/** Leaves a store with a document and two records behind. */
const written = async (): Promise<string> => {
  const store = open()
  store.documents.hold(document)
  store.outbox.event(event('TAMPER'))
  const { epoch } = store.outbox
  await close(store)
  return epoch
}

/** As the release before would have left it. */
const makeOld = (): void => {
  const old = new Database(inside('state.db'))
  old.exec('DROP TABLE earlier; PRAGMA user_version = 1')
  old.close()
}

test('before its migration a state.db is copied; the copy is what the release before left', async () => {
  const epoch = await written()
  makeOld()
  writeFileSync(inside('state.db.before-v1'), 'an older copy')
  await close(open())
  expect(readdirSync(directory).filter((name) => name.includes('before'))).toEqual(['state.db.before-v2'])
  const copy = new Database(inside('state.db.before-v2'), { readonly: true })
  expect(copy.pragma('user_version', { simple: true })).toBe(1)
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(copy.prepare('SELECT epoch, n FROM chain').get()).toEqual({ epoch, n: 2 })
  expect(copy.prepare('SELECT count(*) FROM documents').pluck().get()).toBe(1)
  copy.close()
  await close(open())
  expect(readdirSync(directory)).toContain('state.db.before-v2')
  expect(warnings).toEqual([])
})

test('a copy put back by hand is taken, brought up to date again, and goes on', async () => {
  const epoch = await written()
  makeOld()
  await close(open())
  for (const companion of ['-wal', '-shm']) rmSync(inside(`state.db${companion}`), { force: true })
  copyFileSync(inside('state.db.before-v2'), inside('state.db'))
  const store = open()
  expect([store.outbox.epoch, numbers(store.outbox), store.documents.held()]).toEqual([
    epoch,
    [1, 2],
    [document],
  ])
  await close(store)
})

test('a -wal file stays short whatever is written, and is empty after the nightly pruning', async () => {
  const store = open()
  let longest = 0
  for (let n = 0; n < 3000; n += 1) {
    store.outbox.event(event('TAMPER'))
    if (n % 50 === 0) longest = Math.max(longest, statSync(inside('state.db-wal')).size)
  }
  expect(longest).toBeLessThan(2 * 1024 * 1024)
  store.outbox.acknowledge(store.outbox.lastNumber())
  store.prune(now, 10)
  expect(statSync(inside('state.db-wal')).size).toBe(0)
  await close(store)
})

test('the nightly look finds nothing in a sound database, and a page that went bad while it is in use', async () => {
  const store = open()
  for (let n = 0; n < 500; n += 1) store.outbox.event(event('TAMPER'))
  store.prune(now, 1000)
  expect(await store.damage()).toBeUndefined()
  const file = openSync(inside('state.db'), 'r+')
  const { size } = statSync(inside('state.db'))
  for (let page = 1; page < size / 4096; page += 1)
    writeSync(file, Buffer.alloc(4096, 0x55), 0, 4096, page * 4096)
  // Left open to the end: closing it would drop the locks of the store.
  expect(await store.damage()).toEqual(expect.any(String))
  await Promise.resolve(close(store)).catch(() => undefined)
  closeSync(file)
  const anew = open()
  expect(first(anew)).toMatchObject({ n: 1, code: 'DATABASE', severity: 'alarm' })
  await close(anew)
})
