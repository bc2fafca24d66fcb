import { writeSync } from 'node:fs'
import { openStateDb } from '../../../agent/adapters/sqlite/state-db.ts'
import type { PlaybackBody } from '../../../agent/core/records.ts'
import { epochMs, isoUtc } from '../../../agent/core/time.ts'

// Opens and closes occurrences as fast as it can and says each that is committed, until it is killed.
const [directory = ''] = process.argv.slice(2)
const wall = () => epochMs(Date.now())
const store = openStateDb({
  directory,
  machineId: 'm-1',
  wall,
  log: { warn: () => undefined },
  mirroredFacts: ['count'],
})

const body = (planned: number): PlaybackBody => ({
  item: 'a',
  document: '75/schedule',
  rev: 1,
  class: 'normal',
  tier: 'province',
  planned: isoUtc(epochMs(planned)),
  clock: 'synced',
  result: 'completed',
  volume: 70,
  underruns: 0,
  frames: 0,
})

for (let count = Number(store.facts.get('count') ?? 0) + 1; ; count += 1) {
  const key = { document: '75/schedule', item: 'a', planned: epochMs(count * 1000) }
  if (store.ledger.has(key)) continue
  store.ledger.open({ ...key, draft: body(count * 1000), resume: '{}', kernelBootId: 'b' })
  store.ledger.checkpoint(key, body(count * 1000), `{"count":${count}}`)
  const { n } = store.ledger.close(key, body(count * 1000))
  writeSync(1, `${n} ${count}\n`)
  if (count % 10 === 0) store.facts.set('count', String(count))
}
