import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStateDb } from '../../../agent/adapters/sqlite/state-db.ts'
import { createMachine } from '../../../agent/adapters/system/machine.ts'
import type { PlaybackBody } from '../../../agent/core/records.ts'
import { type EpochMs, epochMs, isoUtc } from '../../../agent/core/time.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

/** A disk that syncs in no time, where there is one: only for what is not measured. */
const QUICK_DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const MINUTE_MS = 60_000

/** The agent's own store on this machine. */
export const openStore = (directory: string): StateStore =>
  openStateDb({
    directory,
    machineId: createMachine(directory).machineId,
    wall: () => epochMs(Date.now()),
    log: silentLogger,
    mirroredFacts: [],
    outboxLimit: 1_000_000,
  })

/** The record of a common broadcast, as long as they are. */
const body = (item: string, planned: EpochMs): PlaybackBody => ({
  item,
  document: '75/26068/schedule',
  rev: 42,
  class: 'normal',
  tier: 'commune',
  planned: isoUtc(planned),
  started: isoUtc(epochMs(planned + 3)),
  ended: isoUtc(epochMs(planned + 612_004)),
  playedSeconds: 612.001,
  startErrorMs: 0.009,
  clock: 'synced',
  result: 'completed',
  volume: 70,
  underruns: 0,
  frames: 29_376_048,
  relay: true,
})

/** Closes the ledger row of a broadcast and writes its record, as at the end of each. */
export const writeRecord = ({ ledger }: StateStore, count: number): void => {
  const planned = epochMs(Date.UTC(2026, 0, 1) + count * MINUTE_MS)
  const item = `tin-${createHash('sha256').update(String(count)).digest('hex').slice(0, 8)}`
  ledger.close({ document: '75/26068/schedule', item, planned }, body(item, planned))
}

/** Makes `directory` the state of an agent with `count` records that wait; it must not be there yet. */
export const fillState = async (directory: string, count: number): Promise<void> => {
  const folder = mkdtempSync(join(QUICK_DISK, 'loa-fill-'))
  try {
    const store = openStore(folder)
    for (let n = store.outbox.lastNumber(); n < count; n += 1) writeRecord(store, n)
    await store[Symbol.asyncDispose]()
    cpSync(folder, directory, { recursive: true })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
