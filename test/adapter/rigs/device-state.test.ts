import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStateDb } from '../../../agent/adapters/sqlite/state-db.ts'
import type { PlaybackBody } from '../../../agent/core/records.ts'
import { epochMs, isoUtc } from '../../../agent/core/time.ts'
import { makeDisk } from '../../../scripts/rigs/board/disk.ts'
import { readDeviceState } from '../../../scripts/rigs/cuts/device-state.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

const NOW = epochMs(Date.UTC(2026, 10, 26, 5))

const hasTools = (): boolean => {
  try {
    for (const tool of ['mke2fs', 'e2fsck', 'debugfs']) execFileSync(tool, ['-V'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const tools = hasTools()
if (!tools) console.warn('SKIPPED: reading a state disk needs e2fsprogs')

const draft: PlaybackBody = {
  item: 'tin-1',
  document: '75/26068/schedule',
  rev: 1,
  class: 'normal',
  tier: 'commune',
  planned: isoUtc(NOW),
  clock: 'held',
  result: 'interrupted',
  reason: 'CRASHED',
  volume: 70,
  underruns: 0,
  frames: 0,
}
const KEY = { document: '75/26068/schedule', item: 'tin-1', planned: NOW } as const

describe.skipIf(!tools)('what a state disk holds', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loa-state-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** A disk of an agent that was cut off: its files as they were while it ran. */
  const diskOf = async (spoil: (state: string) => void = () => undefined) => {
    const directory = join(folder, 'live')
    const options = { directory, machineId: 'm', wall: () => NOW, log: silentLogger, mirroredFacts: [] }
    const store = openStateDb(options)
    const { hash } = store.outbox.event({ at: isoUtc(NOW), code: 'TAMPER', severity: 'info', data: {} })
    store.ledger.open({ ...KEY, draft, resume: JSON.stringify({ asRun: {} }), kernelBootId: 'k' })
    store.ledger.checkpoint(KEY, draft, JSON.stringify({ asRun: { startedAt: NOW } }))
    const copy = join(folder, 'copy')
    cpSync(directory, copy, { recursive: true })
    await store[Symbol.asyncDispose]()
    spoil(copy)
    const image = join(folder, 'disk.img')
    makeDisk(image, 32, copy)
    return { image, hash }
  }

  test('is read with its records, what was open, and how far that was', async () => {
    const { image, hash } = await diskOf()
    const state = readDeviceState(image)
    expect(state).toMatchObject({ damage: [], n: 2, open: [{ ...KEY, begun: true }] })
    expect(state.epoch).toMatch(/^[0-9a-f]{32}$/)
    expect(state.records.get(2)).toBe(hash)
  })

  test('is read as it was before when its last record did not reach it', async () => {
    const { image } = await diskOf((state) => rmSync(join(state, 'state.db-wal')))
    expect(readDeviceState(image).records.size).toBeLessThan(2)
  })

  test('is called damaged when a page of it is another', async () => {
    const { image } = await diskOf((state) => {
      const path = join(state, 'state.db')
      const database = new DatabaseSync(path)
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      database.close()
      writeFileSync(path, readFileSync(path).fill(0xee, 2 * 4096, 3 * 4096))
    })
    expect(readDeviceState(image).damage).not.toEqual([])
  })
})
