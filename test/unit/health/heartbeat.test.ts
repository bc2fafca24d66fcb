import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { REASONS, type ReasonCode } from '../../../agent/core/codes.ts'
import { HEARTBEAT_BYTES, operatingState, trimHeartbeat } from '../../../agent/core/health/heartbeat.ts'
import { gravestFirst, healthLevel } from '../../../agent/core/health/level.ts'
import { phaseOf, untilNextTurn } from '../../../agent/core/health/phase.ts'
import { epochMs } from '../../../agent/core/time.ts'
import type { HeartbeatMessage } from '../../../agent/core/upstream.ts'

const example: HeartbeatMessage = JSON.parse(readFileSync('test/fixtures/examples/heartbeat.json', 'utf8'))
const length = (message: HeartbeatMessage) => Buffer.byteLength(JSON.stringify(message))
const codes = Object.keys(REASONS) as ReasonCode[]
const longId = (n: number) => `${n}${'x'.repeat(39)}`

test('a heartbeat that fits is sent whole', () => {
  expect(trimHeartbeat(example)).toEqual(example)
})

test('what is dropped is dropped in the order of the contract, and no more than needed', () => {
  const full: HeartbeatMessage = {
    ...example,
    item: longId(0),
    amps: { [longId(1)]: 'stuck', [longId(2)]: 'on' },
    signs: { [longId(3)]: 'fault', [longId(4)]: 'ok' },
    shown: { [longId(4)]: 'acknowledged' },
    heard: { last: 0.93, mean: 0.9 },
  }
  // Problems are what makes it long, a few more each time; what is missing then is always a beginning of the order.
  const seen = Array.from({ length: codes.length }, (_, count) => {
    const trimmed = trimHeartbeat({ ...full, problems: codes.slice(0, count) })
    expect(length(trimmed)).toBeLessThanOrEqual(HEARTBEAT_BYTES)
    return [
      trimmed.heard === undefined,
      trimmed.shown === undefined,
      trimmed.net === undefined,
      trimmed.power === undefined,
      trimmed.next === undefined,
      trimmed.amps?.[longId(2)] === undefined && trimmed.signs?.[longId(4)] === undefined,
      trimmed.more !== undefined,
      trimmed.item === undefined,
      trimmed.amps === undefined && trimmed.signs === undefined,
    ]
      .map((dropped) => (dropped ? 'x' : '.'))
      .join('')
  })
  expect(seen[0]).toBe('xxx......')
  for (const dropped of seen) expect(dropped).toMatch(/^x*\.*$/)
  expect(seen.at(-1)).toMatch(/^xxxxxxx/)
})

test('members that are at fault stay after those that are well went', () => {
  const trimmed = trimHeartbeat({
    ...example,
    amps: Object.fromEntries([1, 2, 3, 4].map((n) => [longId(n), n === 1 ? 'stuck' : 'off'])),
    signs: Object.fromEntries([5, 6, 7, 8].map((n) => [longId(n), 'ok'])),
  })
  expect(trimmed.amps).toEqual({ [longId(1)]: 'stuck' })
  expect(trimmed).not.toHaveProperty('signs')
  expect(trimmed.item).toBe(example.item)
})

test('problems beyond six are counted', () => {
  const trimmed = trimHeartbeat({ ...example, problems: codes })
  expect(trimmed.problems).toEqual(codes.slice(0, 6))
  expect(trimmed.more).toBe(codes.length - 6)
})

test('the longest heartbeat there can be still fits and keeps what has no place in the order', () => {
  const worst: HeartbeatMessage = {
    ...example,
    seq: 999_999_999_999,
    up: 999_999_999,
    item: longId(0),
    state: 'playing',
    health: 'degraded',
    problems: [...codes].sort((a, b) => b.length - a.length),
    clock: { state: 'synced', offsetMs: -123_456_789.123 },
    volume: 33.333,
    diskMb: 999_999_999,
    outbox: 999_999_999,
    underruns: 999_999_999,
    amps: Object.fromEntries([1, 2, 3, 4].map((n) => [longId(n), 'stuck'])),
    signs: Object.fromEntries([5, 6, 7, 8].map((n) => [longId(n), 'fault'])),
  }
  const trimmed = trimHeartbeat(worst)
  expect(length(trimmed)).toBeLessThanOrEqual(HEARTBEAT_BYTES)
  expect(trimmed).toMatchObject({
    seq: worst.seq,
    clock: worst.clock,
    outbox: worst.outbox,
    volume: worst.volume,
  })
})

test('the state is the first that holds of muted, alert, playing, idle', () => {
  expect(operatingState({ muted: true, alert: true, playing: true })).toBe('muted')
  expect(operatingState({ muted: false, alert: true, playing: true })).toBe('alert')
  expect(operatingState({ muted: false, alert: false, playing: true })).toBe('playing')
  expect(operatingState({ muted: false, alert: false, playing: false })).toBe('idle')
})

test('no problem is ok, one that stops the main job is a fault, any other degrades', () => {
  expect(healthLevel([])).toBe('ok')
  expect(healthLevel(['BROKER', 'MAINS_LOST'])).toBe('degraded')
  expect(healthLevel(['BROKER', 'AUDIO_DEVICE'])).toBe('fault')
})

test('faults come before lesser problems, each once', () => {
  expect(gravestFirst(['BROKER', 'AMPLIFIER_STUCK', 'BROKER', 'DISK_FULL'])).toEqual([
    'AMPLIFIER_STUCK',
    'DISK_FULL',
    'BROKER',
  ])
})

test('a device has its turn once an interval, always at the same place', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 0, max: 2e12 }), (id, wall) => {
      const wait = untilNextTurn(id, 60_000, epochMs(wall))
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThanOrEqual(60_000)
      expect((wall + wait) % 60_000).toBe(phaseOf(id, 60_000))
    }),
  )
})

test('devices with neighbouring names spread over the interval', () => {
  const buckets = new Map<number, number>()
  for (let n = 0; n < 6000; n += 1) {
    const bucket = Math.floor(phaseOf(`d-${n}`, 60_000) / 1000)
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1)
  }
  expect(buckets.size).toBe(60)
  expect(Math.max(...buckets.values())).toBeLessThan(160)
})
