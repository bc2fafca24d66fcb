import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OutboxPumpOptions } from '../../agent/services/outbox-pump.ts'
import { settled } from '../fakes/manual-clock.ts'
import { body, openBench } from './outbox-bench.ts'

const stop = { controller: new AbortController(), running: [] as Promise<void>[] }
beforeEach(() => {
  stop.controller = new AbortController()
})
afterEach(async () => {
  stop.controller.abort()
  await Promise.all(stop.running.splice(0))
})
const started = async (more: Partial<OutboxPumpOptions> = {}, outboxLimit?: number) => {
  const made = openBench(more, outboxLimit)
  stop.running.push(made.pump.run(stop.controller.signal))
  await settled()
  return made
}

test('what is waiting at the start is sent, and a new record within 200 ms', async () => {
  const { clock, sent, write } = await started()
  expect(sent).toEqual([{ at: 0, topic: 'event', numbers: [1] }])
  write(2)
  await clock.advance(200)
  expect(sent[1]).toMatchObject({ topic: 'event', numbers: [2, 3] })
})

test('nothing is sent twice while its acknowledgement may still come', async () => {
  const { clock, write, numbers } = await started()
  write(3)
  await clock.advance(23_000)
  expect(numbers()).toEqual([1, 2, 3, 4])
})

test('what stays unacknowledged is sent again after 30 s, doubling to 10 min', async () => {
  const { clock, sent } = await started({ random: () => 0 })
  await clock.advance(3_600_000)
  const waits = sent.map(({ at }, index) => (at - (sent[index - 1]?.at ?? 0)) / 1000)
  expect(waits).toEqual([0, 30, 60, 120, 240, 480, 600, 600, 600, 600])
})

test('an acknowledgement ends the resending and starts the waits anew for the rest', async () => {
  const { clock, sent, write, ack } = await started()
  write(4)
  await clock.advance(100_000)
  const before = sent.length
  ack(3)
  await clock.advance(29_000)
  expect(sent).toHaveLength(before)
  await clock.advance(1000)
  expect(sent.at(-1)?.numbers).toEqual([4, 5])
  ack(5)
  await clock.advance(4_000_000)
  expect(sent).toHaveLength(before + 1)
})

test('at most 512 records are under way; the next follow when the server has some', async () => {
  const { clock, write, numbers, ack } = await started()
  write(999)
  await clock.advance(200)
  expect(numbers()).toHaveLength(512)
  ack(100)
  await clock.advance(200)
  expect(numbers()).toHaveLength(612)
  expect(numbers()).toEqual(Array.from({ length: 612 }, (_, index) => index + 1))
})

test('a gap is sent at once, whatever the window', async () => {
  const { clock, write, sent, outbox } = await started({}, 600)
  write(600)
  await clock.advance(200)
  expect(outbox.gaps(0).map(({ record }) => record.n)).toEqual([602])
  expect(sent.at(-1)?.numbers).toEqual([602])
})

test('without a connection nothing is sent; after it everything is, from the lowest', async () => {
  const { clock, link, pump, write, numbers, sent } = await started()
  link.up = false
  link.answer = () => Promise.reject(new Error('gone'))
  write(2)
  await clock.advance(3_600_000)
  expect(numbers()).toEqual([1])
  link.up = true
  link.answer = () => Promise.resolve()
  pump.reconnected()
  await clock.advance(0)
  expect(sent.at(-1)?.numbers).toEqual([1, 2, 3])
})

test('a batch that did not get through is sent again, and nothing after it is skipped', async () => {
  const { clock, link, write, numbers, ledger, outbox } = await started()
  let failures = 1
  link.answer = () => (failures-- > 0 ? Promise.reject(new Error('gone')) : Promise.resolve())
  outbox.event(body())
  ledger.close(
    { document: 'd', item: 'i', planned: clock.wall() },
    {
      item: 'i',
      document: 'd',
      rev: 1,
      class: 'normal',
      tier: 'commune',
      planned: '2026-11-22T00:00:00.000Z',
      clock: 'synced',
      result: 'missed',
      reason: 'LATE',
      volume: 0,
      underruns: 0,
      frames: 0,
    },
  )
  write(1)
  await clock.advance(31_000)
  expect(new Set(numbers().slice(2))).toEqual(new Set([1, 2, 3, 4]))
})

test('a half-open connection that answers nothing does not hold up the loop for ever', async () => {
  const { clock, link, sent, write } = await started()
  link.answer = () => new Promise(() => undefined)
  write(1)
  await clock.advance(200)
  link.answer = () => Promise.resolve()
  await clock.advance(60_000)
  expect(sent.length).toBeGreaterThan(2)
})

describe('T08 forged acknowledgements', () => {
  test('acknowledgements of another epoch, with another hash or of what was never written are told and ignored', async () => {
    const { outbox, refused, ack, write, clock } = await started()
    write(3)
    await clock.advance(200)
    ack(2, outbox.hashOf(2), 'f'.repeat(32))
    ack(2, outbox.hashOf(3))
    ack(5000, 'ab')
    expect(refused).toEqual([
      expect.stringContaining('epoch'),
      expect.stringContaining('hash'),
      expect.stringContaining('last record is 4'),
    ])
    expect(outbox.unacknowledged()).toBe(4)
    ack(4)
    ack(2)
    expect([outbox.unacknowledged(), refused.length]).toEqual([0, 3])
  })

  test('an acknowledgement of what is long forgotten is nothing to tell', async () => {
    const { refused, ack } = await started()
    ack(0, 'ab')
    expect(refused).toEqual([])
  })
})

test('where the broker acknowledges, a PUBACK does and the server does not', async () => {
  const { clock, outbox, write, ack, sent, link } = await started({ ack: 'broker' })
  expect(outbox.unacknowledged()).toBe(0)
  link.answer = () => Promise.reject(new Error('gone'))
  write(2)
  await clock.advance(200)
  ack(3)
  expect(outbox.unacknowledged()).toBe(2)
  link.answer = () => Promise.resolve()
  await clock.advance(31_000)
  expect(outbox.unacknowledged()).toBe(0)
  const before = sent.length
  await clock.advance(1_000_000)
  expect(sent).toHaveLength(before)
})

test('a PUBACK that comes after a new epoch has begun acknowledges nothing of the new one', async () => {
  const { clock, outbox, pump, write, link } = await started({ ack: 'broker' })
  const { promise, resolve } = Promise.withResolvers<void>()
  link.answer = () => promise
  write(2)
  await clock.advance(200)
  pump.sync({ epoch: outbox.epoch, n: 9000 })
  link.answer = () => new Promise(() => undefined)
  resolve()
  await clock.advance(0)
  expect([outbox.lastNumber(), outbox.unacknowledged()]).toEqual([3, 3])
})

test('sync sends what is unacknowledged again at once', async () => {
  const { clock, pump, numbers, write, ack } = await started()
  write(2)
  await clock.advance(200)
  ack(1)
  pump.sync()
  await clock.advance(0)
  expect(numbers()).toEqual([1, 2, 3, 2, 3])
})

test('sync from a record on sends acknowledged ones too', async () => {
  const { clock, pump, outbox, sent, write, ack } = await started()
  write(2)
  await clock.advance(200)
  ack(3)
  pump.sync({ epoch: outbox.epoch, n: 2 })
  await clock.advance(0)
  expect(sent.at(-1)?.numbers).toEqual([2, 3])
})

test('sync for records no longer kept is answered by a gap over them', async () => {
  const { clock, pump, outbox, sent, write, ack } = await started()
  write(2)
  await clock.advance(200)
  const hash = outbox.hashOf(3)
  ack(3)
  outbox.prune(clock.wall(), 0)
  pump.sync({ epoch: outbox.epoch, n: 0 })
  await clock.advance(0)
  expect(sent.at(-1)?.numbers).toEqual([4])
  expect(outbox.pending(0, 1)).toMatchObject([{ record: { code: 'GAP', data: { from: 1, to: 3, hash } } }])
})

test('a server that holds more of our epoch than we ever wrote makes us begin a new one', async () => {
  const { clock, pump, outbox, sent } = await started()
  const old = outbox.epoch
  pump.sync({ epoch: old, n: 2 })
  expect(outbox.epoch).toBe(old)
  pump.sync({ epoch: old, n: 3 })
  await clock.advance(0)
  expect(outbox.epoch).not.toBe(old)
  expect(sent.at(-1)?.numbers).toEqual([1, 2])
  pump.sync({ epoch: old, n: 9000 })
  expect(outbox.lastNumber()).toBe(2)
})
