import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { verifyChain } from '../../agent/core/record/chain.ts'
import { epochMs } from '../../agent/core/time.ts'
import type { Outbox, OutboxEntry } from '../../agent/ports/state-store.ts'
import {
  body,
  closeStores,
  DAY,
  event,
  key,
  now,
  numbers,
  openStore,
  row,
  sha256Hex,
  storeKinds,
} from './state-stores.ts'

afterEach(closeStores)

/** The numbers that a server which gets this record can account for. */
const accountsFor = ({ record }: OutboxEntry): readonly number[] => {
  if (!('code' in record) || record.code !== 'GAP') return [record.n]
  const [from, to] = [Number(record.data['from']), Number(record.data['to'])]
  return [record.n, ...Array.from({ length: to - from + 1 }, (_, index) => from + index)]
}

/** Hands the server at most `limit` records and lets it acknowledge what it can account for without a hole. */
const deliver = (outbox: Outbox, server: Set<number>, limit: number): void => {
  for (const n of outbox.pending(0, limit).flatMap(accountsFor)) server.add(n)
  let upTo = 0
  while (server.has(upTo + 1)) upTo += 1
  if (upTo > 0) outbox.acknowledge(upTo)
}

describe.each(storeKinds)('the outbox of a state store %s', (kind) => {
  const open = (outboxLimit?: number) => openStore(kind, outboxLimit)

  test('events and playback records share one chain', () => {
    const { ledger, outbox } = open()
    outbox.event(event('TAMPER'))
    ledger.close(key(), body(now, { startErrorMs: 1 / 3 }))
    outbox.event(event('MAINS_LOST'))
    const records = outbox.pending(0, 10).map((entry) => entry.record)
    expect(records.map(({ n }) => n)).toEqual([1, 2, 3, 4])
    expect(verifyChain(records, sha256Hex)).toEqual([])
    expect(outbox.lastNumber()).toBe(4)
    expect(outbox.hashOf(4)).toBe(records[3]?.hash)
    expect(outbox.hashOf(5)).toBeUndefined()
  })

  test('what is acknowledged is no longer pending but stays readable', () => {
    const { outbox } = open()
    for (let n = 2; n <= 6; n += 1) outbox.event(event(`E${n}`))
    outbox.acknowledge(3)
    expect([numbers(outbox), outbox.unacknowledged()]).toEqual([[4, 5, 6], 3])
    outbox.acknowledgeOnly([5])
    expect([numbers(outbox), numbers(outbox, 4), outbox.unacknowledged()]).toEqual([[4, 6], [6], 2])
    expect(outbox.pending(0, 1)).toHaveLength(1)
    expect(outbox.history(epochMs(0), 3).map(({ record }) => record.n)).toEqual([6, 5, 4])
    expect(outbox.history(epochMs(now + 1), 3)).toEqual([])
  })

  test('reopening makes kept records pending again and tells what is no longer kept', () => {
    const store = open()
    const { outbox } = store
    for (let n = 2; n <= 6; n += 1) outbox.event(event(`E${n}`, epochMs(now + n * DAY)))
    outbox.acknowledge(6)
    expect([outbox.reopen(5), numbers(outbox)]).toEqual([undefined, [5, 6]])
    expect([outbox.reopen(7), numbers(outbox)]).toEqual([undefined, [5, 6]])
    outbox.acknowledge(6)
    const hash = outbox.hashOf(3)
    store.prune(epochMs(now + 94 * DAY), 1000)
    expect(outbox.reopen(2)).toEqual({ from: 2, to: 3, hash })
    expect(numbers(outbox)).toEqual([4, 5, 6])
  })

  test('reopening when nothing is kept names everything', () => {
    const store = open()
    const { outbox } = store
    const { hash } = outbox.event(event('E2'))
    outbox.acknowledge(2)
    store.prune(now, 0)
    expect(outbox.reopen(1)).toEqual({ from: 1, to: 2, hash })
    expect(outbox.event(event('E3')).prev).toBe(hash)
  })

  test('pruning keeps what is unacknowledged, what is open, and the newest of the rest', () => {
    const store = open()
    const { outbox, ledger } = store
    for (let n = 2; n <= 6; n += 1) outbox.event(event(`E${n}`))
    ledger.close(key(), body(now))
    ledger.open(row(epochMs(now + 1)))
    outbox.acknowledge(5)
    store.prune(now, 2)
    expect(outbox.history(epochMs(0), 10).map(({ record }) => record.n)).toEqual([7, 6, 5, 4])
    store.prune(epochMs(now + 91 * DAY), 10)
    expect(outbox.history(epochMs(0), 10).map(({ record }) => record.n)).toEqual([7, 6])
    expect([ledger.has(key()), ledger.opened().length]).toEqual([false, 1])
  })

  test('what does not fit into the outbox is covered by a GAP', () => {
    const { outbox } = open(10)
    for (let n = 2; n <= 11; n += 1) outbox.event(event(`E${n}`))
    const [gap] = outbox.gaps(0)
    expect(gap).toMatchObject({
      topic: 'event',
      record: { n: 12, code: 'GAP', severity: 'alarm', data: { from: 1, to: 2 } },
    })
    expect(numbers(outbox)[0]).toBe(3)
    const [third] = outbox.pending(0, 1)
    expect(gap?.record).toMatchObject({ data: { hash: third?.record.prev } })
    expect(outbox.gaps(12)).toEqual([])
    expect(outbox.hashOf(2)).toBe(third?.record.prev)
    expect([outbox.hashOf(0), outbox.hashOf(1), outbox.hashOf(13)]).toEqual([undefined, undefined, undefined])
    outbox.acknowledge(12)
    expect(outbox.gaps(0)).toEqual([])
  })

  test('whatever is written, dropped and acknowledged, the server can account for every number', () => {
    const step = fc.oneof(fc.constant('event' as const), fc.constant('record' as const), fc.nat(5))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { outbox, ledger } = open(8)
        const server = new Set<number>()
        steps.forEach((each, index) => {
          if (each === 'event') outbox.event(event('E'))
          else if (each === 'record') ledger.close(key(epochMs(now + index)), body(now))
          else deliver(outbox, server, each)
        })
        expect(outbox.unacknowledged()).toBeLessThanOrEqual(9)
        deliver(outbox, server, 1000)
        expect(outbox.unacknowledged()).toBe(0)
        expect(server.size).toBe(outbox.lastNumber())
      }),
      { numRuns: 15 },
    )
  })

  test('a new epoch begins with an alarm that names the old one, and takes along what was unacknowledged', () => {
    const { outbox } = open()
    const old = outbox.epoch
    outbox.event(event('E2'))
    outbox.event(event('E3'))
    outbox.acknowledge(2)
    outbox.renew()
    expect(outbox.epoch).not.toBe(old)
    const records = outbox.pending(0, 10).map(({ record }) => record)
    expect(records).toMatchObject([
      { n: 1, code: 'DATABASE', severity: 'alarm', data: { previousEpoch: old } },
      { n: 2, code: 'E3' },
    ])
    expect(verifyChain(records, sha256Hex)).toEqual([])
    expect([outbox.lastNumber(), outbox.unacknowledged()]).toEqual([2, 2])
  })

  test('a new epoch has no GAP over numbers of the old one: its alarm tells of them', () => {
    const { outbox } = open(10)
    for (let n = 2; n <= 13; n += 1) outbox.event(event(`E${n}`))
    const { epoch } = outbox
    const codes = () => outbox.pending(0, 20).map(({ record }) => ('code' in record ? record.code : ''))
    const waiting = codes().filter((code) => code !== 'GAP')
    const [lowest] = outbox.pending(0, 1)
    expect(outbox.gaps(0).length).toBeGreaterThan(1)
    outbox.renew()
    const records = outbox.pending(0, 20).map(({ record }) => record)
    const gaps = [{ from: 1, to: (lowest?.record.n ?? 0) - 1, hash: lowest?.record.prev }]
    expect(records[0]).toMatchObject({ data: { previousEpoch: epoch, gaps } })
    expect(codes()).toEqual(['DATABASE', ...waiting])
    expect(outbox.gaps(0)).toEqual([])
    expect(verifyChain(records, sha256Hex)).toEqual([])
  })
})
