import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openMediaCache } from '../../../agent/adapters/sqlite/media-db.ts'
import { openStateDb } from '../../../agent/adapters/sqlite/state-db.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { document, event, now, numbers } from '../../contract/state-stores.ts'
import { canMount } from '../../rig/can-mount.ts'

let directory = ''
const remount = (mode: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${mode}`, directory])
const open = (): StateStore =>
  openStateDb({
    directory,
    machineId: 'm-1',
    wall: () => now,
    log: { warn: () => undefined },
    mirroredFacts: [],
  })

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
