import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openMediaCache } from '../../../agent/adapters/sqlite/media-db.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { document, event, numbers, openStateIn } from '../../contract/state-stores.ts'
import { canMount } from '../../rig/can-mount.ts'
import { Card } from '../../rig/card.ts'

let directory = ''
const remount = (mode: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${mode}`, directory])
const open = (mono?: () => number): StateStore => openStateIn(directory, mono)

describe.skipIf(!canMount)('a file system that has become read-only', () => {
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'loa-read-only-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', directory])
  })
  afterEach(() => {
    execFileSync('umount', [directory])
    rmSync(directory, { recursive: true })
  })

  test('stops a start with IO; nothing that was there is lost or set aside', async () => {
    const store = open()
    store.documents.hold(document)
    await store[Symbol.asyncDispose]()
    remount('ro')
    expect(open).toThrow(expect.objectContaining({ code: 'IO' }))
    expect(() => openMediaCache(join(directory, 'media.db'), { onRebuilt: () => undefined })).toThrow(
      expect.objectContaining({ code: 'IO' }),
    )
    remount('rw')
    const again = open()
    expect([again.documents.held(), numbers(again.outbox)]).toEqual([[document], [1]])
    again.outbox.event(event('TAMPER'))
    await again[Symbol.asyncDispose]()
  })
})

describe.skipIf(!canMount)('a card that fails under an open store', () => {
  test('has state go on in memory; what was on the card is there after the next start, under its own epoch', async () => {
    using card = new Card(32)
    directory = card.folder
    const store = open()
    store.documents.hold(document)
    const { epoch } = store.outbox
    card.fail()
    store.outbox.event(event('TAMPER'))
    store.facts.set('a', 'b')
    expect(store.unwritable).toContain('disk I/O error')
    expect(store.outbox.epoch).not.toBe(epoch)
    expect(numbers(store.outbox)).toEqual([1, 2, 3])
    expect([store.documents.held(), store.facts.get('a')]).toEqual([[document], 'b'])
    await store[Symbol.asyncDispose]()
    card.remount()
    const again = open()
    expect([again.outbox.epoch, again.documents.held(), again.facts.get('a')]).toEqual([
      epoch,
      [document],
      undefined,
    ])
    await again[Symbol.asyncDispose]()
  })

  test('that lets itself be written again has everything that was kept in memory', async () => {
    using card = new Card(32)
    directory = card.folder
    let mono = 0
    const store = open(() => mono)
    const stuck = ['state.db', 'state.db-wal'].map((name) => join(directory, name))
    execFileSync('chattr', ['+i', ...stuck])
    store.documents.hold(document)
    mono += 6000
    store.outbox.event(event('TAMPER'))
    expect(store.unwritable).toBeDefined()
    execFileSync('chattr', ['-i', ...stuck])
    mono += 12_000
    store.tick()
    expect(store.unwritable).toBeUndefined()
    store.outbox.event(event('TAMPER'))
    const { epoch } = store.outbox
    await store[Symbol.asyncDispose]()
    const again = open()
    expect([again.outbox.epoch, numbers(again.outbox), again.documents.held()]).toEqual([
      epoch,
      [1, 2, 3, 4],
      [document],
    ])
    await again[Symbol.asyncDispose]()
  })
})
