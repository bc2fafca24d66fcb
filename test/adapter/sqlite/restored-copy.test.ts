import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStateDb } from '../../../agent/adapters/sqlite/state-db.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { event, now } from '../../contract/state-stores.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

let folders: readonly string[] = []
beforeEach(() => {
  folders = Array.from({ length: 3 }, () => mkdtempSync(join(tmpdir(), 'loa-state-')))
})
afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** The device's folder of state, a copy of its state.db, and the folder in which that copy was put back. */
const [LIVE, COPY, RESTORED] = [0, 1, 2]
const inside = (folder: number, name: string): string => join(folders[folder] ?? '', name)
const copy = (name: string, from: number, to: number): void =>
  copyFileSync(inside(from, name), inside(to, name))

const open = (folder: number): StateStore =>
  openStateDb({
    directory: inside(folder, ''),
    machineId: 'm-1',
    wall: () => now,
    log: silentLogger,
    mirroredFacts: ['time'],
  })
const close = (store: StateStore) => store[Symbol.asyncDispose]()
const codes = ({ outbox }: StateStore) =>
  outbox.pending(0, 10).map(({ record }) => 'code' in record && record.code)

/** A store with one record of its own, copied when it is closed. */
const copied = async (): Promise<string> => {
  const store = open(LIVE)
  store.outbox.event(event('TAMPER'))
  await close(store)
  copy('state.db', LIVE, COPY)
  return store.outbox.epoch
}

/** The store over the copy and what is outside state.db now. */
const restored = (): StateStore => {
  copy('state.db', COPY, RESTORED)
  copy('facts.json', LIVE, RESTORED)
  return open(RESTORED)
}

test('a copy of state.db goes on in its epoch while no number was given since', async () => {
  const epoch = await copied()
  const store = restored()
  expect([store.outbox.epoch, codes(store)]).toEqual([epoch, ['DATABASE', 'TAMPER']])
  await close(store)
})

test('a restored copy begins a new epoch, so that no number is given twice', async () => {
  const epoch = await copied()
  const later = open(LIVE)
  later.outbox.event(event('LATER'))
  await close(later)
  const store = restored()
  expect(store.outbox.epoch).not.toBe(epoch)
  expect(codes(store)).toEqual(['DATABASE', 'DATABASE', 'TAMPER'])
  await close(store)
})

test('a copy from before the present epoch begins a new one, even when the agent was killed as soon as that had begun', async () => {
  const epoch = await copied()
  const live = open(LIVE)
  live.outbox.renew()
  const store = restored()
  expect([epoch, live.outbox.epoch]).not.toContain(store.outbox.epoch)
  expect(codes(store)).toEqual(['DATABASE', 'DATABASE', 'TAMPER'])
  await close(store)
  await close(live)
})
