import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { canonicalJson, FIRST_PREV, recordHash, uncanonical } from '../../scripts/source-system/chain.ts'
import { checkLedger } from '../../scripts/source-system/check.ts'
import { openRecordLedger, type RecordLedger } from '../../scripts/source-system/record-ledger.ts'
import { batch, chain, DEVICE, EPOCH, gapEvent } from '../rig/record-chain.ts'

const faults = (ledger: RecordLedger) =>
  checkLedger(ledger).flatMap(({ findings }) => findings.map(({ fault, from, to }) => [fault, from, to]))

let folder = ''
let file = ''
let ledger: RecordLedger
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-records-'))
  file = join(folder, 'records.db')
  ledger = openRecordLedger(file)
})
afterEach(() => {
  ledger[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

describe('canonical form', () => {
  test('sorts members at every level and writes numbers the short way', () => {
    expect(canonicalJson({ b: [1.5, { z: null, a: 'tiếng\n' }], a: -0, c: 1e3, d: undefined })).toBe(
      '{"a":0,"b":[1.5,{"a":"tiếng\\n","z":null}],"c":1000}',
    )
  })

  test('a known record has a known hash', () => {
    const record = { n: 1, prev: FIRST_PREV, code: 'DATABASE', at: '2026-11-22T00:00:00.000Z', hash: '' }
    // By sha256sum, over the first prev, a newline and the members in order.
    expect(recordHash(record)).toBe('e4f1805ecdde45a0b8ee7ea60d5a00cd04c54270e2c3f09ab0a9825c6400639d')
  })

  test('names what has more than one spelling', () => {
    expect(uncanonical({ a: 1.2345, b: { c: [1e12, 0.001] }, 'd\u0300': 1, e: 999_999_999_999.999 })).toEqual(
      ['a', 'b.c.0', 'd\u0300'],
    )
  })
})

describe('T08 the ledger of the server', () => {
  test('takes each record once and acknowledges up to the last without a hole', () => {
    const records = chain(5)
    expect(ledger.receive(batch(records.slice(0, 3))).ack).toEqual({
      epoch: EPOCH,
      upTo: 3,
      hash: records[2]?.hash,
    })
    const again = ledger.receive(batch(records.slice(1, 5)))
    expect([again.inserted.length, again.duplicates, again.ack?.upTo]).toEqual([2, 2, 5])
    expect(ledger.playback(DEVICE)).toEqual(records)
    expect(faults(ledger)).toEqual([])
  })

  test('stops acknowledging before a hole, and goes on when it is filled', () => {
    const records = chain(6)
    ledger.receive(batch(records.slice(0, 2)))
    expect(ledger.receive(batch(records.slice(4))).ack?.upTo).toBe(2)
    expect(faults(ledger)).toEqual([['MISSING', 3, 4]])
    expect(ledger.receive(batch(records.slice(2, 4))).ack?.upTo).toBe(6)
    expect(faults(ledger)).toEqual([])
  })

  test('has nothing to acknowledge while the first record is missing', () => {
    expect(ledger.receive(batch(chain(3).slice(1))).ack).toBeUndefined()
    expect(faults(ledger)).toEqual([['MISSING', 1, 1]])
  })

  test('counts what a GAP event covers as held', () => {
    const head = chain(4)
    const records = chain(5, { 5: gapEvent(head[3], 2) })
    const last = records[4]
    if (last === undefined) throw new Error('no record')
    ledger.receive(batch(records.slice(0, 1)))
    expect(ledger.receive(batch([last], 'event')).ack).toEqual({ epoch: EPOCH, upTo: 5, hash: last.hash })
    expect(faults(ledger)).toEqual([])
    expect(checkLedger(ledger)[0]?.gaps).toEqual([{ from: 2, to: 4, hash: head[3]?.hash }])
  })

  test('a GAP with the wrong hash breaks the chain behind it', () => {
    const records = chain(5, { 5: gapEvent({ n: 4, prev: FIRST_PREV, hash: 'f'.repeat(64) }, 2) })
    ledger.receive(batch(records.slice(0, 1)))
    ledger.receive(batch(records.slice(4), 'event'))
    expect(faults(ledger)).toEqual([['BROKEN_LINK', 5, 5]])
  })

  test('a GAP that covers itself or what comes after it covers nothing', () => {
    const records = chain(3, { 3: gapEvent({ n: 9, prev: FIRST_PREV, hash: 'f'.repeat(64) }, 2) })
    ledger.receive(batch(records.slice(0, 1)))
    expect(ledger.receive(batch(records.slice(2), 'event')).ack?.upTo).toBe(1)
    expect(faults(ledger)).toEqual([['MISSING', 2, 2]])
  })

  test('does not take a record that was changed on the way, and forgives it once the true one is here', () => {
    const records = chain(3)
    const changed = records.map((each) => (each.n === 2 ? { ...each, playedSeconds: 9 } : each))
    const receipt = ledger.receive(batch(changed))
    expect([receipt.refused, receipt.ack?.upTo]).toEqual([[{ n: 2, reason: 'BAD_HASH' }], 1])
    expect(faults(ledger)).toEqual([
      ['MISSING', 2, 2],
      ['REFUSED', 2, 2],
    ])
    expect(ledger.receive(batch(records)).ack?.upTo).toBe(3)
    expect(faults(ledger)).toEqual([])
  })

  test('keeps the first of two records with one number and tells', () => {
    ledger.receive(batch(chain(2)))
    const other = chain(2, { 2: { item: 'other' } })
    expect(ledger.receive(batch(other)).refused).toEqual([{ n: 2, reason: 'CONFLICT' }])
    expect(ledger.playback(DEVICE)[1]?.item).toBe('tin-2')
    expect(faults(ledger)).toEqual([['CONFLICT', 2, 2]])
  })

  test('acknowledges nothing that follows another record than the one it holds', () => {
    const [, second] = chain(2)
    ledger.receive(batch(chain(2)))
    const other = chain(4, { 2: { item: 'other' } })
    const receipt = ledger.receive(batch(other.slice(1)))
    expect([receipt.inserted.length, receipt.ack]).toEqual([2, { epoch: EPOCH, upTo: 2, hash: second?.hash }])
    expect(faults(ledger)).toEqual([
      ['CONFLICT', 2, 2],
      ['BROKEN_LINK', 3, 3],
    ])
  })

  test('tells where a stored record was changed afterwards', () => {
    ledger.receive(batch(chain(4)))
    const database = new DatabaseSync(file)
    database.exec(
      `UPDATE record SET body = replace(body, '"playedSeconds":1.5', '"playedSeconds":1.4') WHERE n = 3`,
    )
    database.close()
    expect(faults(ledger)).toEqual([['BAD_HASH', 3, 3]])
  })

  test('tells where a record was replaced by a whole forged one', () => {
    const records = chain(4)
    const second = records[1]
    if (second === undefined) throw new Error('no record')
    const open = { ...second, item: 'forged' }
    const forged = { ...open, hash: recordHash(open) }
    ledger.receive(batch(records.map((each) => (each.n === 2 ? forged : each))))
    expect(faults(ledger)).toEqual([['BROKEN_LINK', 3, 3]])
  })

  test('tells of two records for one planned occurrence', () => {
    const same = { item: 'tin', document: '75/schedule', planned: 'p' }
    ledger.receive(batch(chain(3, { 1: same, 3: same })))
    expect(faults(ledger)).toEqual([['OCCURRENCE_TWICE', 3, 3]])
  })

  test('keeps everything over a restart', () => {
    const records = chain(4)
    ledger.receive(batch(records.slice(0, 2)))
    ledger[Symbol.dispose]()
    ledger = openRecordLedger(file)
    expect(ledger.ackOf(batch([]))?.upTo).toBe(2)
    const receipt = ledger.receive(batch(records.slice(1)))
    expect([receipt.duplicates, receipt.ack?.upTo]).toEqual([1, 4])
  })

  test('numbers of another epoch and of another device are chains of their own, in the order they came', () => {
    ledger.receive(batch(chain(2)))
    ledger.receive({ ...batch(chain(1)), epoch: '0'.repeat(32) })
    ledger.receive({ ...batch(chain(3)), device: 'd-0' })
    expect(checkLedger(ledger).map(({ device, epoch, last }) => [device, epoch[0], last])).toEqual([
      ['d-0', 'e', 3],
      ['d-1', 'e', 2],
      ['d-1', '0', 1],
    ])
    expect(ledger.playback()).toHaveLength(6)
    expect(ledger.playback(DEVICE)).toHaveLength(3)
  })
})
