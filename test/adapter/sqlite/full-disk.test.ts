import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openMediaCache } from '../../../agent/adapters/sqlite/media-db.ts'
import { verifyChain } from '../../../agent/core/record/chain.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { document, event, now, numbers, openStateIn } from '../../contract/state-stores.ts'
import { canMount } from '../../rig/can-mount.ts'

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex')
let directory = ''
const inside = (name: string) => join(directory, name)
const close = (store: StateStore) => store[Symbol.asyncDispose]()
const open = (mono?: () => number): StateStore => openStateIn(directory, mono)

describe.skipIf(!canMount)('T17 state.db on a full disk', () => {
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'loa-full-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', directory])
  })
  afterEach(() => {
    execFileSync('umount', [directory])
    rmSync(directory, { recursive: true })
  })
  const fillUp = (name = 'somebody-else'): void => {
    const { bavail, bsize } = statfsSync(directory)
    writeFileSync(inside(name), Buffer.alloc(bavail * bsize))
  }

  test('goes on with its reserve, without a hole or a number twice, and takes the reserve again', async () => {
    const store = open()
    fillUp()
    expect(store.isDiskFull).toBe(false)
    for (let n = 0; n < 200; n += 1) store.outbox.event(event('TAMPER'))
    store.documents.hold(document)
    expect(store.isDiskFull).toBe(true)
    const records = store.outbox.pending(0, 1000).map(({ record }) => record)
    expect(verifyChain(records, sha256Hex)).toEqual([])
    expect(numbers(store.outbox)).toEqual(Array.from({ length: 201 }, (_, n) => n + 1))
    rmSync(inside('somebody-else'))
    store.prune(now, 1000)
    expect(store.isDiskFull).toBe(false)
    await close(store)
  })

  test('goes on in memory when the reserve is used up too, in an epoch of its own, and writes it all down when there is room', async () => {
    let mono = 0
    const store = open(() => mono)
    const first = store.outbox.epoch
    fillUp()
    store.outbox.event(event('TAMPER'))
    fillUp('another')
    for (let n = 0; n < 2000; n += 1) store.outbox.event(event('TAMPER'))
    store.documents.hold(document)
    expect(store.unwritable).toContain('full')
    expect(store.outbox.epoch).not.toBe(first)
    rmSync(inside('somebody-else'))
    store.outbox.event(event('TOO_SOON'))
    expect(store.unwritable).toContain('full')
    mono += 5000
    store.outbox.event(event('AFTER'))
    expect(store.unwritable).toBeUndefined()
    const held = store.outbox.pending(0, 5000).map(({ record }) => record)
    expect(verifyChain(held, sha256Hex)).toEqual([])
    // Both events DATABASE: of the first start, and of the new epoch.
    expect(held).toHaveLength(1 + 1 + 1 + 2000 + 2)
    const { epoch } = store.outbox
    await close(store)
    const again = open()
    expect([again.outbox.epoch, again.documents.held()]).toEqual([epoch, [document]])
    expect(again.outbox.pending(0, 5000).map(({ record }) => record)).toEqual(held)
    await close(again)
  })

  test('and media.db can be opened again: a start needs room too', async () => {
    await close(open())
    fillUp()
    const store = open()
    expect(store.isDiskFull).toBe(true)
    store.outbox.event(event('TAMPER'))
    await using media = openMediaCache(inside('media.db'), { onRebuilt: () => undefined })
    expect(media.totalBytes()).toBe(0)
    await close(store)
  })

  test('is brought up to date without a copy of what it was, and says so', async () => {
    await close(open())
    const old = new Database(inside('state.db'))
    old.exec('DROP TABLE earlier; PRAGMA user_version = 1')
    old.close()
    fillUp()
    const store = open()
    expect(readdirSync(directory).filter((name) => name.includes('before'))).toEqual([])
    store.documents.hold(document)
    expect(store.documents.held()).toEqual([document])
    const codes = store.outbox.pending(0, 10).map(({ record }) => 'code' in record && record.code)
    expect(codes).toEqual(['DATABASE', 'DISK_FULL'])
    await close(store)
  })
})
