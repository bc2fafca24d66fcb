import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStateDb } from '../../../agent/adapters/sqlite/state-db.ts'
import { mirroredFact } from '../../../agent/adapters/sqlite/state-mirror.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { PLACE_FACT, Places } from '../../../agent/services/places.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

const HOME = { province: '75', commune: '26068' }
const NEXT = { province: '77', commune: '26680' }

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'loa-place-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const open = () =>
  openStateDb({
    directory,
    machineId: 'm',
    wall: () => epochMs(1_764_000_000_000),
    log: silentLogger,
    mirroredFacts: [PLACE_FACT],
  })
const presentNow = async () => {
  await using state = open()
  return new Places(HOME, state.facts).present
}

test('where a device was moved outlives state.db, and is known where state.db must not be opened', async () => {
  {
    await using state = open()
    const places = new Places(HOME, state.facts)
    places.remember({ ...places.memory, moved: { to: NEXT, formerly: [] } })
  }
  expect(await presentNow()).toEqual(NEXT)
  for (const name of ['state.db', 'state.db-wal', 'state.db-shm'])
    rmSync(join(directory, name), { force: true })
  expect(await presentNow()).toEqual(NEXT)
  expect(mirroredFact(directory, PLACE_FACT)).toContain('26680')
})
