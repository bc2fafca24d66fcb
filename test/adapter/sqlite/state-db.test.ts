import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStateDb, type StateDbOptions } from '../../../agent/adapters/sqlite/state-db.ts'
import { verifyChain } from '../../../agent/core/record/chain.ts'
import { type EpochMs, epochMs } from '../../../agent/core/time.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { body, document, event, key, now, numbers, row } from '../../contract/state-stores.ts'

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex')
let directory = ''
let warnings: string[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'loa-state-'))
  warnings = []
})
afterEach(() => rmSync(directory, { recursive: true }))

const open = (more: Partial<StateDbOptions> = {}): StateStore =>
  openStateDb({
    directory,
    machineId: 'm-1',
    wall: (): EpochMs => now,
    log: { warn: (_, message) => warnings.push(message) },
    mirroredFacts: ['connection', 'mute'],
    ...more,
  })
const close = (store: StateStore) => store[Symbol.asyncDispose]()
const inside = (name: string) => join(directory, name)
const first = (store: StateStore) => store.outbox.pending(0, 1)[0]?.record

/** Leaves a store with a document, facts, an open occurrence and records behind. */
const written = async () => {
  const store = open()
  store.documents.hold(document)
  store.facts.set('connection', '7')
  store.facts.set('mute', 'until unmuted')
  store.facts.set('other', 'x')
  store.ledger.open(row())
  store.ledger.checkpoint(key(), body(now, { playedSeconds: 4 }), '{"position":4}')
  store.outbox.event(event('TAMPER'))
  const { epoch } = store.outbox
  await close(store)
  return epoch
}

test('everything is there again after a restart, and numbers go on', async () => {
  const epoch = await written()
  const store = open()
  expect(store.outbox.epoch).toBe(epoch)
  expect(store.documents.held()).toEqual([document])
  expect(['connection', 'mute', 'other'].map((name) => store.facts.get(name))).toEqual([
    '7',
    'until unmuted',
    'x',
  ])
  expect(store.ledger.opened()).toMatchObject([{ resume: '{"position":4}', draft: { playedSeconds: 4 } }])
  expect(store.ledger.close(key(), body(now)).n).toBe(3)
  expect(
    verifyChain(
      store.outbox.pending(0, 10).map(({ record }) => record),
      sha256Hex,
    ),
  ).toEqual([])
  await close(store)
  expect(warnings).toEqual([])
})

test('a damaged database is set aside; a new epoch begins with an alarm; the mirror remembers what must not be forgotten', async () => {
  const epoch = await written()
  writeFileSync(inside('state.db'), Buffer.alloc(8192, 0x55))
  const store = open()
  expect(readdirSync(directory)).toContain(`state.db.damaged-${now}`)
  expect(warnings).toEqual([expect.stringContaining('damaged')])
  expect(store.outbox.epoch).not.toBe(epoch)
  expect(first(store)).toMatchObject({
    n: 1,
    code: 'DATABASE',
    severity: 'alarm',
    data: { previousEpoch: epoch },
  })
  expect(store.documents.held()).toEqual([])
  expect(store.documents.highestRev('75/schedule')).toBe(42)
  expect(['connection', 'mute', 'other'].map((name) => store.facts.get(name))).toEqual([
    '7',
    'until unmuted',
    undefined,
  ])
  expect(store.ledger.opened()).toEqual([])
  await close(store)
})

test('a damaged page in the middle is found at the start', async () => {
  await written()
  const bytes = readFileSync(inside('state.db'))
  bytes.fill(0x55, 4096, 4096 * 4)
  writeFileSync(inside('state.db'), bytes)
  const store = open()
  expect(first(store)).toMatchObject({ code: 'DATABASE', severity: 'alarm' })
  await close(store)
})

test('trust documents outlive state.db, and of two the newer counts', async () => {
  const trust = { ...document, key: '75/trust', rev: 3 }
  const store = open()
  store.documents.hold(trust)
  store.documents.hold(document)
  await close(store)
  copyFileSync(inside('state.db'), inside('copy'))
  const later = open()
  later.documents.hold({ ...trust, rev: 4 })
  await close(later)
  copyFileSync(inside('copy'), inside('state.db'))
  const restored = open()
  expect(restored.documents.held().map(({ key, rev }) => [key, rev])).toEqual([
    ['75/schedule', 42],
    ['75/trust', 4],
  ])
  await close(restored)
  writeFileSync(inside('state.db'), Buffer.alloc(8192, 0x55))
  const anew = open()
  expect(anew.documents.held()).toEqual([{ ...trust, rev: 4 }])
  await close(anew)
})

test('a mirror of trust that is no list of documents is passed over with a warning', async () => {
  await written()
  writeFileSync(inside('trust.json'), '[{"key":"75/trust"}]')
  const store = open()
  expect(store.documents.held().map(({ key }) => key)).toEqual(['75/schedule'])
  expect(warnings).toHaveLength(1)
  await close(store)
})

test('a state.db of the release before takes up what it held', async () => {
  await written()
  const old = new Database(inside('state.db'))
  old.exec('DROP TABLE earlier; PRAGMA user_version = 1')
  old.close()
  const store = open()
  store.documents.hold({ ...document, rev: 43, signers: ['other'] })
  expect(store.documents.earlier('75/schedule')).toEqual([document])
  await close(store)
})

test('with database and mirror both lost the device knows that it forgot', async () => {
  await written()
  writeFileSync(inside('state.db'), Buffer.alloc(8192, 0x55))
  writeFileSync(inside('facts.json'), '{"epoch":')
  const store = open()
  expect(store.documents.highestRev('75/schedule')).toBeUndefined()
  expect(first(store)).toMatchObject({ code: 'DATABASE', severity: 'alarm', data: {} })
  expect(warnings).toHaveLength(2)
  await close(store)
})

test('a mirror of nonsense is read as empty', async () => {
  await written()
  writeFileSync(
    inside('facts.json'),
    '{"epoch":5,"n":"x","revisions":{"75/schedule":-1,"75/alert":9},"facts":[]}',
  )
  const store = open()
  expect([store.documents.highestRev('75/schedule'), store.documents.highestRev('75/alert')]).toEqual([42, 9])
  await close(store)
})

test('of two memories of a number the higher counts', async () => {
  await written()
  writeFileSync(inside('facts.json'), '{"revisions":{},"facts":{"connection":"9","mute":"from the mirror"}}')
  const store = open()
  expect([store.facts.get('connection'), store.facts.get('mute')]).toEqual(['9', 'until unmuted'])
  await close(store)
})

test('of two memories of a counted fact the one that changed more often counts', async () => {
  const store = open()
  store.facts.set('mute', '3 null')
  await close(store)
  writeFileSync(inside('facts.json'), '{"revisions":{},"facts":{"mute":"4 {}"}}')
  const restored = open()
  expect(restored.facts.get('mute')).toBe('4 {}')
  await close(restored)
})

test('on another machine a new epoch begins and what the old one had to send is dropped', async () => {
  const epoch = await written()
  const store = open({ machineId: 'm-2' })
  expect(first(store)).toMatchObject({ code: 'DATABASE', severity: 'alarm', data: { previousEpoch: epoch } })
  expect([numbers(store.outbox), store.documents.held().length]).toEqual([[1], 1])
  await close(store)
  const again = open({ machineId: 'm-2' })
  expect(numbers(again.outbox)).toEqual([1])
  await close(again)
})

test('a mirror that cannot be written costs a warning, not the agent', async () => {
  const store = open()
  rmSync(inside('facts.json'))
  const blocked = inside('facts.json.tmp')
  mkdirSync(blocked)
  store.facts.set('connection', '8')
  expect(warnings).toEqual([expect.stringContaining('mirror')])
  expect(store.facts.get('connection')).toBe('8')
  rmSync(blocked, { recursive: true })
  await close(store)
})

/** Runs the writer until it has committed some dozen occurrences and kills it without warning. */
const killedWriter = async (): Promise<readonly { readonly n: number; readonly count: number }[]> => {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./state-writer.ts', import.meta.url)), directory],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
    if (said.split('\n').length > 25) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return said
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ').map(Number))
    .map(([n = 0, count = 0]) => ({ n, count }))
}

test('after SIGKILL in the middle of writing every committed record is there, without a hole and never twice', async () => {
  const committed = [...(await killedWriter()), ...(await killedWriter()), ...(await killedWriter())]
  const store = open()
  const records = store.outbox.pending(0, 100_000).map(({ record }) => record)
  expect(verifyChain(records, sha256Hex)).toEqual([])
  const planned = new Map(
    records.flatMap((record) => ('planned' in record ? [[record.n, record.planned]] : [])),
  )
  expect(committed.length).toBeGreaterThan(70)
  for (const { n, count } of committed) expect(planned.get(n)).toBe(new Date(count * 1000).toISOString())
  expect(new Set(planned.values()).size).toBe(planned.size)
  for (const { count } of committed)
    expect(store.ledger.has({ document: '75/schedule', item: 'a', planned: epochMs(count * 1000) })).toBe(
      true,
    )
  expect(first(store)).toMatchObject({ code: 'DATABASE', severity: 'info' })
  await close(store)
}, 30_000)
