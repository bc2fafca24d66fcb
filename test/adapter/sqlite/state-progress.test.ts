import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openStateDb } from '../../../agent/adapters/sqlite/state-db.ts'
import { ProgressFile } from '../../../agent/adapters/sqlite/state-progress.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { body, key, now, row } from '../../contract/state-stores.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'loa-progress-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const open = (where: { readonly directory?: string; readonly runtime?: string } = {}): StateStore =>
  openStateDb({
    directory,
    machineId: 'm-1',
    wall: () => now,
    log: silentLogger,
    mirroredFacts: [],
    restlessFacts: ['floor'],
    ...where,
  })
const close = (store: StateStore) => store[Symbol.asyncDispose]()
const inside = (name: string) => join(directory, name)

test('a position torn by a power cut is the one before it', async () => {
  const store = open()
  store.ledger.open(row())
  store.ledger.checkpoint(key(), body(now), 'first')
  store.facts.settle()
  store.ledger.checkpoint(key(), body(now), 'second')
  await close(store)
  const bytes = readFileSync(inside('progress'))
  const newest = bytes.subarray(0, 32_768).includes('second') ? 0 : 32_768
  bytes.fill(0, newest + 80, newest + 200)
  writeFileSync(inside('progress'), bytes)
  const reopened = open()
  expect(reopened.ledger.opened()).toMatchObject([{ resume: 'first' }])
  await close(reopened)
})

test('a process that is killed leaves its last position behind, a power cut the last durable one', async () => {
  const runtime = mkdtempSync(join(tmpdir(), 'loa-run-'))
  const [killed, cut] = [mkdtempSync(join(tmpdir(), 'loa-killed-')), mkdtempSync(join(tmpdir(), 'loa-cut-'))]
  const store = open({ runtime })
  store.ledger.open(row())
  store.ledger.checkpoint(key(), body(now), 'durable')
  store.facts.settle()
  for (const resume of ['second', 'third']) store.ledger.checkpoint(key(), body(now), resume)
  for (const copy of [killed, cut]) cpSync(directory, copy, { recursive: true })
  const again = open({ directory: killed, runtime })
  expect(again.ledger.opened()).toMatchObject([{ resume: 'third' }])
  await close(again)
  const booted = open({ directory: cut, runtime: mkdtempSync(join(tmpdir(), 'loa-run-')) })
  expect(booted.ledger.opened()).toMatchObject([{ resume: 'durable' }])
  await close(booted)
  await close(store)
})

test('positions of another run are not taken for those of this one', async () => {
  const runtime = mkdtempSync(join(tmpdir(), 'loa-run-'))
  const store = open({ runtime })
  store.ledger.open(row())
  for (const resume of ['first', 'second']) store.ledger.checkpoint(key(), body(now), resume)
  await close(store)
  const reopened = open({ runtime })
  reopened.ledger.checkpoint(key(), body(now), 'later')
  reopened.facts.settle()
  await close(reopened)
  const last = open({ runtime })
  expect(last.ledger.opened()).toMatchObject([{ resume: 'later' }])
  await close(last)
})

test('a fact of each minute is written soon, or at once when asked, and not into the database each time', async () => {
  const store = open()
  store.facts.set('floor', '1')
  const pages = statSync(inside('state.db-wal')).size
  for (const floor of ['2', '3', '4']) store.facts.set('floor', floor)
  expect(statSync(inside('state.db-wal')).size).toBe(pages)
  await expect
    .poll(() => readFileSync(inside('progress'), 'utf8'), { timeout: 6000 })
    .toContain('"floor":"4"')
  store.facts.set('floor', '5')
  store.facts.settle()
  expect(readFileSync(inside('progress'), 'utf8')).toContain('"floor":"5"')
  await close(store)
  rmSync(inside('progress'))
  const without = open()
  expect(without.facts.get('floor')).toBe('1')
  await close(without)
})

test('of a fact of each minute the newest counts, even where it is lower', async () => {
  const store = open()
  store.facts.set('floor', '9')
  store.facts.set('floor', '5')
  await close(store)
  const again = open()
  expect(again.facts.get('floor')).toBe('5')
  await close(again)
})

test('a fact of each minute outlives state.db', async () => {
  const store = open()
  for (const floor of ['1', '2']) store.facts.set('floor', floor)
  await close(store)
  writeFileSync(inside('state.db'), 'nonsense')
  const again = open()
  expect(again.facts.get('floor')).toBe('2')
  await close(again)
})

test('what begins right after another has ended is noted at once: after a crash it does not begin again', async () => {
  const store = open()
  const [before, after] = [row(), { ...row(), item: 'b' }]
  store.ledger.open(before)
  store.ledger.checkpoint(before, body(now), 'begun')
  store.ledger.close(before, body(now))
  store.ledger.open(after)
  store.ledger.checkpoint(after, body(now), 'begun too')
  // Written beside the main thread, and without a close: what a crash leaves behind. The next turn would be at 1.8 s.
  await expect.poll(() => readFileSync(inside('progress'), 'utf8'), { timeout: 1500 }).toContain('begun too')
  await close(store)
})

test('facts that come from several sides each minute cost one write in it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    let mono = 0
    const file = new ProgressFile(
      inside('facts'),
      () => mono,
      undefined,
      () => Promise.resolve(),
    )
    const content = () => readFileSync(inside('facts'))
    const writes: number[] = []
    let last = content()
    while (mono < 600_000) {
      if (mono % 60_000 === 0) file.note('floor', String(mono))
      if (mono % 60_000 === 25_000) file.note('handled-until', String(mono))
      if (mono % 60_000 === 40_000) file.note('data', String(mono))
      mono += 500
      await vi.advanceTimersByTimeAsync(500)
      if (content().equals(last)) continue
      writes.push(mono)
      last = content()
    }
    expect(writes).toEqual(Array.from({ length: 10 }, (_, minute) => 2500 + minute * 60_000))
    file.close()
    const again = new ProgressFile(inside('facts'), () => mono)
    expect(again.facts).toEqual({ floor: '540000', 'handled-until': '565000', data: '580000' })
    again.close()
  } finally {
    vi.useRealTimers()
  }
})
