import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BATCH_BYTES, BATCH_RECORDS, cutBatches } from '../../../agent/core/record/batch.ts'
import { canonicalJson, normalise } from '../../../agent/core/record/canonical.ts'
import { chainHashInput, FIRST_PREV, sealRecord, verifyChain } from '../../../agent/core/record/chain.ts'
import { playedRecord, shownRecord, unplayedRecord } from '../../../agent/core/record/playback.ts'
import type { EventBody, EventRecord } from '../../../agent/core/records.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { utf8Length } from '../../../agent/core/utf8-length.ts'
import { item } from '../schedule/items.ts'

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex')

test('canonical JSON has sorted keys, no space, and the escapes of RFC 8785', () => {
  const value = {
    peach: 'é',
    b: [3, { z: null, a: true }],
    '\r': 'CR',
    '1': '"\\\n\u000f\u20ac',
    gone: undefined,
  }
  expect(canonicalJson(value)).toBe(
    '{"\\r":"CR","1":"\\"\\\\\\n\\u000f€","b":[3,{"a":true,"z":null}],"peach":"é"}',
  )
})

test.each([
  [1, '1'],
  [0.1 + 0.2, '0.3'],
  [1 / 3, '0.333'],
  [-0, '0'],
  [-0.0001, '0'],
  [1e-9, '0'],
  [999_999_999_999, '999999999999'],
  [1_795_651_200_000, '999999999999'],
  [-1e300, '-999999999999'],
  [-6.1999999, '-6.2'],
  [2.0005, '2.001'],
])('%d is written as %s', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, 10n])('%s is no part of a record', (value) => {
  expect(() => canonicalJson({ value })).toThrow(expect.objectContaining({ code: 'INVALID' }))
})

test('half a character becomes a replacement, so that sender and checker hash the same bytes', () => {
  expect(normalise({ a: 'x\ud800' })).toEqual({ a: 'x\ufffd' })
})

test('a canonical number never has an exponent or a fourth decimal, and reads back as it was sent', () => {
  fc.assert(
    fc.property(fc.double({ min: -999_999_999_999, max: 999_999_999_999, noNaN: true }), (value) => {
      const text = canonicalJson(value)
      expect(text).toMatch(/^-?\d+(\.\d{1,3})?$/)
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }),
  )
})

const body = (data: Readonly<Record<string, unknown>> = {}): EventBody => ({
  at: '2026-11-22T00:00:00.000Z',
  code: 'TAMPER',
  severity: 'alarm',
  data,
})
const chainOf = (count: number): EventRecord[] => {
  const records: EventRecord[] = []
  for (let n = 1; n <= count; n += 1)
    records.push(sealRecord(n, records.at(-1)?.hash ?? FIRST_PREV, body({ n, share: n / 3 }), sha256Hex))
  return records
}

test('the hash is that of prev, a line feed and the canonical record without hash', () => {
  const [record] = chainOf(1)
  const text = `${'0'.repeat(64)}\n{"at":"2026-11-22T00:00:00.000Z","code":"TAMPER","data":{"n":1,"share":0.333},"n":1,"prev":"${'0'.repeat(64)}","severity":"alarm"}`
  expect(record && chainHashInput(FIRST_PREV, record)).toBe(text)
  expect(record?.hash).toBe(sha256Hex(text))
})

test('a record says what was hashed, so that it verifies after a trip as JSON', () => {
  const records = JSON.parse(JSON.stringify(chainOf(5)))
  expect(records[0].data.share).toBe(0.333)
  expect(verifyChain(records, sha256Hex)).toEqual([])
})

describe('T08 records changed on the way', () => {
  test('a record left out, altered or moved is found', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.constantFrom('drop', 'alter', 'swap'), (index, harm) => {
        const records = chainOf(10)
        const [a, b] = [records[index], records[index + 1]]
        if (a === undefined || b === undefined) return
        if (harm === 'drop') records.splice(index, 1)
        if (harm === 'alter') records[index] = { ...a, code: 'MAINS_LOST' }
        if (harm === 'swap') records.splice(index, 2, b, a)
        expect(verifyChain(records, sha256Hex).length).toBeGreaterThan(0)
      }),
    )
  })

  test('a record rewritten with a fitting hash breaks the chain at the next one', () => {
    const records = chainOf(3)
    records[1] = sealRecord(2, records[0]?.hash ?? '', body({ forged: true }), sha256Hex)
    expect(verifyChain(records, sha256Hex)).toEqual([{ n: 3, fault: 'prev' }])
  })
})

test('batches hold one topic each, in order, within both limits, and leave nothing out', () => {
  const entry = fc.record({
    topic: fc.constantFrom('playback' as const, 'event' as const),
    title: fc.string({ unit: 'binary', maxLength: 600 }),
  })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 200 }), (made) => {
      const entries = made.map(({ topic, title }, index) => ({ topic, record: { n: index + 1, title } }))
      const batches = cutBatches(entries, 'd-1', 'ep')
      for (const { topic, entries: held, payload } of batches) {
        expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(BATCH_BYTES)
        expect(held.length).toBeLessThanOrEqual(BATCH_RECORDS)
        expect(held.every((one) => one.topic === topic)).toBe(true)
        expect(JSON.parse(payload)).toEqual({
          v: 1,
          device: 'd-1',
          epoch: 'ep',
          records: held.map((one) => one.record),
        })
      }
      for (const topic of ['playback', 'event'])
        expect(batches.filter((batch) => batch.topic === topic).flatMap((batch) => batch.entries)).toEqual(
          entries.filter((one) => one.topic === topic),
        )
    }),
    { numRuns: 50 },
  )
})

test('a record over the size of a message goes alone', () => {
  const long = (n: number) => ({ topic: 'event' as const, record: { n, text: 'x'.repeat(20_000) } })
  expect(cutBatches([long(1), long(2)], 'd-1', 'ep').map(({ entries }) => entries.length)).toEqual([1, 1])
})

test('interleaved topics do not make small batches', () => {
  const entries = Array.from({ length: 100 }, (_, n) => ({
    topic: n % 2 ? ('event' as const) : ('playback' as const),
    record: { n: n + 1 },
  }))
  expect(cutBatches(entries, 'd-1', 'ep')).toHaveLength(2)
})

test('the length of a text in UTF-8 is that of its bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text))
    }),
  )
  expect(utf8Length('\ud800')).toBe(3)
})

const planned = epochMs(Date.UTC(2026, 10, 22, 22))
const subject = {
  item: 'a',
  document: '75/26068/schedule',
  rev: 42,
  class: 'normal',
  tier: 'commune',
  planned: '2026-11-22T22:00:00.000Z',
}

test('an occurrence of which nothing was heard has a record with nothing played', () => {
  expect(unplayedRecord(item(), planned, 'held', { result: 'missed', reason: 'LATE' })).toEqual({
    ...subject,
    playedSeconds: 0,
    clock: 'held',
    result: 'missed',
    reason: 'LATE',
    volume: 0,
    underruns: 0,
    frames: 0,
  })
  const signOnly = unplayedRecord(item({ parts: [] }), planned, 'held', { result: 'failed', reason: 'SIGN' })
  expect(signOnly).toMatchObject({ shownSeconds: 0 })
  expect(signOnly).not.toHaveProperty('playedSeconds')
})

test('an occurrence that sounded has its frames, its seconds and its relay', () => {
  const tally = {
    started: planned,
    ended: epochMs(planned + 10_000),
    startErrorMs: 0.4,
    frames: 480_000,
    underruns: 1,
    cuts: 0,
    volume: 70,
  }
  expect(playedRecord(item(), planned, 'synced', tally, { result: 'completed' })).toEqual({
    ...subject,
    started: '2026-11-22T22:00:00.000Z',
    ended: '2026-11-22T22:00:10.000Z',
    playedSeconds: 10,
    startErrorMs: 0.4,
    clock: 'synced',
    result: 'completed',
    volume: 70,
    underruns: 1,
    frames: 480_000,
  })
  const cut = playedRecord(
    item(),
    planned,
    'synced',
    { ...tally, cuts: 2, relay: false },
    { result: 'partial', reason: 'LATE' },
  )
  expect(cut).toMatchObject({ cuts: 2, relay: false, reason: 'LATE' })
})

test('a sign-only occurrence has seconds shown and no sound', () => {
  const ended = epochMs(planned + 20_000)
  const shown = shownRecord(
    item({ parts: [] }),
    planned,
    'synced',
    { started: planned, ended, shownSeconds: 20 },
    { result: 'completed' },
  )
  expect(shown).toMatchObject({
    shownSeconds: 20,
    started: '2026-11-22T22:00:00.000Z',
    volume: 0,
    frames: 0,
    underruns: 0,
  })
  const never = shownRecord(
    item({ parts: [] }),
    planned,
    'synced',
    { ended, shownSeconds: 0 },
    { result: 'preempted', reason: 'PREEMPTED' },
  )
  expect(never).not.toHaveProperty('started')
})
