import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStateDb } from '../../agent/adapters/sqlite/state-db.ts'
import type { EventBody, PlaybackBody } from '../../agent/core/records.ts'
import { type EpochMs, epochMs, isoUtc } from '../../agent/core/time.ts'
import type {
  HeldDocument,
  OccurrenceKey,
  OpenRow,
  Outbox,
  StateStore,
} from '../../agent/ports/state-store.ts'
import { MemoryStateStore } from '../fakes/memory-state-store.ts'

export const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex')
export const now = epochMs(Date.UTC(2026, 10, 22, 5))
export const DAY = 86_400_000
const directories: string[] = []
const stores: StateStore[] = []

const kinds: Record<string, (outboxLimit: number) => StateStore> = {
  'in memory': (outboxLimit) => new MemoryStateStore(() => now, outboxLimit),
  'on SQLite': (outboxLimit) => {
    const directory = mkdtempSync(join(tmpdir(), 'loa-state-'))
    directories.push(directory)
    return openStateDb({
      directory,
      machineId: 'm-1',
      wall: () => now,
      log: {
        warn: (fields, message) => {
          throw new Error(`${message} ${JSON.stringify(fields)}`)
        },
      },
      mirroredFacts: [],
      restlessFacts: ['minute'],
      outboxLimit,
    })
  },
}

/** State in a folder of somebody's own, warnings unheard. */
export const openStateIn = (directory: string, mono?: () => number): StateStore =>
  openStateDb({
    directory,
    ...(mono === undefined ? {} : { mono }),
    machineId: 'm-1',
    wall: () => now,
    log: { warn: () => undefined },
    mirroredFacts: [],
  })

export const storeKinds = Object.keys(kinds)

export const openStore = (kind: string, outboxLimit = 1000): StateStore => {
  const store = kinds[kind]?.(outboxLimit)
  if (store === undefined) throw new Error(`no state store ${kind}`)
  stores.push(store)
  return store
}

export const closeStores = async (): Promise<void> => {
  for (const store of stores.splice(0)) await store[Symbol.asyncDispose]()
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true })
}

export const event = (code: string, at: EpochMs = now): EventBody => ({
  at: isoUtc(at),
  code,
  severity: 'info',
  data: {},
})
export const body = (planned: EpochMs, more: Partial<PlaybackBody> = {}): PlaybackBody => ({
  item: 'a',
  document: '75/schedule',
  rev: 1,
  class: 'normal',
  tier: 'province',
  planned: isoUtc(planned),
  playedSeconds: 10,
  clock: 'synced',
  result: 'completed',
  volume: 70,
  underruns: 0,
  frames: 480_000,
  ...more,
})
export const key = (planned: EpochMs = now): OccurrenceKey => ({
  document: '75/schedule',
  item: 'a',
  planned,
})
export const row = (planned: EpochMs = now): OpenRow => ({
  ...key(planned),
  draft: body(planned, { result: 'interrupted', reason: 'CRASHED' }),
  resume: '{"position":0}',
  kernelBootId: 'boot',
})
export const document: HeldDocument = {
  key: '75/schedule',
  rev: 42,
  hash: 'ab',
  signers: ['k'],
  message: new Uint8Array([1, 2, 255]),
  acceptedAt: now,
}
export const numbers = (outbox: Outbox, after = 0) =>
  outbox.pending(after, 1000).map(({ record }) => record.n)
