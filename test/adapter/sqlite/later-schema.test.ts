import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../../agent/adapters/sqlite/database.ts'
import { STATE_MIGRATIONS } from '../../../agent/adapters/sqlite/state-schema.ts'
import { verifyChain } from '../../../agent/core/record/chain.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { body, document, event, key, now, openStateIn, row, sha256Hex } from '../../contract/state-stores.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'loa-later-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const path = (): string => join(directory, 'state.db')
const close = (store: StateStore) => store[Symbol.asyncDispose]()

/** What a release to come may do as long as this one may have to come back: add. */
const LATER = {
  oldestReader: STATE_MIGRATIONS.length,
  sql: `ALTER TABLE documents ADD COLUMN came_over TEXT DEFAULT 'mqtt';
    ALTER TABLE outbox ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE ledger ADD COLUMN note TEXT;
    ALTER TABLE chain ADD COLUMN note TEXT;
    ALTER TABLE facts ADD COLUMN at INTEGER;
    CREATE TABLE later (a TEXT) STRICT;
    CREATE INDEX outbox_sent ON outbox (generation, sent);`,
}
const openLater = () =>
  openDatabase(path(), { migrations: [...STATE_MIGRATIONS, LATER], synchronous: 'FULL' })

test('after a release that was gone back from, this one goes on with the numbers of its records, and the later one after it', async () => {
  const before = openStateIn(directory)
  before.outbox.event(event('TAMPER'))
  const { epoch } = before.outbox
  await close(before)

  const later = openLater()
  later.exec("INSERT INTO later VALUES ('of the trial')")
  later.close()

  const back = openStateIn(directory)
  back.documents.hold(document)
  back.facts.set('mute', 'until unmuted')
  back.ledger.open(row())
  back.ledger.close(key(), body(now))
  back.outbox.event(event('DOOR'))
  expect(back.outbox.epoch).toBe(epoch)
  const records = back.outbox.pending(0, 100).map(({ record }) => record)
  expect(verifyChain(records, sha256Hex)).toEqual([])
  expect(records.length).toBeGreaterThanOrEqual(4)
  await close(back)

  const again = openLater()
  expect(again.prepare('SELECT a FROM later').pluck().all()).toEqual(['of the trial'])
  expect(again.prepare('SELECT came_over FROM documents').pluck().all()).toEqual(['mqtt'])
  expect(again.prepare('SELECT max(n) FROM outbox').pluck().get()).toBe(records.length)
  again.close()
})
