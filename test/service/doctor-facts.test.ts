import { describe, expect, test } from 'vitest'
import type { AgentConfig } from '../../agent/core/configuration.ts'
import type { EventBody } from '../../agent/core/records.ts'
import { createZone } from '../../agent/core/schedule/zone.ts'
import { epochMs, isoUtc } from '../../agent/core/time.ts'
import { createDoctorFacts, type DoctorParts } from '../../agent/services/doctor-facts.ts'
import { wellFacts } from '../fakes/doctor-facts.ts'
import { ManualClock } from '../fakes/manual-clock.ts'
import { MemoryStateStore } from '../fakes/memory-state-store.ts'

const HOUR_MS = 3_600_000

const bench = () => {
  const clock = new ManualClock()
  const store = new MemoryStateStore(() => clock.wall())
  const inMs = (ms: number): string => isoUtc(epochMs(clock.wall() + ms))
  const key = (kid: string, nbf: string, exp: string) => ({ kid, nbf, exp })
  const trust = {
    area: '75',
    rev: 3,
    keys: [
      key('a', inMs(-HOUR_MS), inMs(3 * HOUR_MS)),
      key('b', inMs(-HOUR_MS), inMs(2 * HOUR_MS)),
      key('over', inMs(-2 * HOUR_MS), inMs(-HOUR_MS)),
      key('twice', inMs(-HOUR_MS), inMs(HOUR_MS)),
    ],
  }
  const file = { format: 'mp3', bytes: 1, heldBytes: 0 } as const
  const parts = {
    config: {
      device: { id: 'd-1', province: '75', commune: '26068' },
      security: { signatures: 'required', rootKeys: [{ kid: 'root-a', x: 'x' }], threshold: 1 },
      content: { allow: [] },
      update: { keys: [], trialMinutes: 5 },
      mqtt: { urls: ['mqtts://broker-a'] },
    } as unknown as AgentConfig,
    status: () => wellFacts.agent.status,
    clock,
    time: { state: 'synced', floor: epochMs(0) },
    machine: { freeDiskMb: () => 100 },
    intake: {
      inForce: (kind: string) =>
        kind === 'trust' ? [trust] : [{ area: '75' }, { area: 'vn', exp: inMs(HOUR_MS) }],
      revisions: { '75/trust': 3 },
      // Another area's document gives `twice` another key: it counts for neither.
      allKeys: [new Map(['a', 'b', 'over'].map((kid) => [kid, {}]))],
    },
    refusals: { recent: [] },
    library: {
      overview: () => ({
        files: [
          { ...file, sha256: 'a', state: 'ready' },
          { ...file, sha256: 'b', state: 'bad', code: 'BAD_MEDIA' },
          ...Array.from({ length: 9 }, (_, n) => ({ ...file, sha256: `m${n}`, state: 'missing' })),
        ],
      }),
    },
    outbox: store.outbox,
    zone: createZone('Asia/Ho_Chi_Minh'),
    quietHours: () => [],
    files: () => [],
    node: '24.0.0',
    uid: 0,
    pid: 7,
    unsubscribed: () => ['loa/v1/area/75/schedule'],
  } as unknown as DoctorParts
  const event = (
    code: EventBody['code'],
    severity: EventBody['severity'],
    data: EventBody['data'] = {},
  ): void => {
    store.outbox.event({ at: isoUtc(clock.wall()), code, severity, data })
  }
  return { clock, store, parts, inMs, event }
}

describe('what the agent tells loa doctor', () => {
  test('counts of each trust document the keys that may sign now, and when the first of them ends', () => {
    const { parts, inMs } = bench()
    expect(createDoctorFacts(parts)().trust).toEqual([
      { document: '75/trust', rev: 3, keys: 4, inDate: 2, ends: inMs(2 * HOUR_MS) },
    ])
  })

  test('names schedules with their ends, and the first files that are not ready', () => {
    const { parts, inMs } = bench()
    const facts = createDoctorFacts(parts)()
    expect(facts.schedules).toEqual([
      { document: '75/schedule' },
      { document: 'vn/schedule', exp: inMs(HOUR_MS) },
    ])
    expect(facts.missing).toHaveLength(5)
    expect(facts.missing[0]).toEqual({ sha256: 'b', state: 'bad', code: 'BAD_MEDIA' })
  })

  test('knows the oldest record that is not acknowledged', async () => {
    const { parts, clock, store, event } = bench()
    store.outbox.acknowledge(store.outbox.lastNumber())
    expect(createDoctorFacts(parts)()).not.toHaveProperty('oldestRecord')
    const oldest = isoUtc(clock.wall())
    event('MAINS_LOST', 'warning')
    await clock.advance(HOUR_MS)
    event('MAINS_BACK', 'info')
    expect(createDoctorFacts(parts)().oldestRecord).toBe(oldest)
  })

  test('remembers for a week that the database was lost; the very first start is no loss', async () => {
    const { parts, clock, event } = bench()
    expect(createDoctorFacts(parts)()).not.toHaveProperty('databaseLost')
    const lostAt = isoUtc(clock.wall())
    event('DATABASE', 'alarm')
    await clock.advance(6 * 24 * HOUR_MS)
    expect(createDoctorFacts(parts)().databaseLost).toBe(lostAt)
    await clock.advance(2 * 24 * HOUR_MS)
    expect(createDoctorFacts(parts)()).not.toHaveProperty('databaseLost')
  })

  test('tells a lost list of sound files from a lost memory', () => {
    const { parts, clock, event } = bench()
    event('DATABASE', 'warning', { source: 'media.db' })
    const facts = createDoctorFacts(parts)()
    expect(facts).not.toHaveProperty('databaseLost')
    expect(facts.cacheLost).toBe(isoUtc(clock.wall()))
  })

  test('names its process, the brokers of its configuration and topics that are closed to it', () => {
    const { parts } = bench()
    expect(createDoctorFacts(parts)()).toMatchObject({
      pid: 7,
      settings: { brokers: ['mqtts://broker-a'] },
      unsubscribed: ['loa/v1/area/75/schedule'],
    })
  })

  test('says until when quiet hours hold, across ranges that touch', () => {
    const { parts, clock } = bench()
    expect(createDoctorFacts(parts)()).not.toHaveProperty('quietUntil')
    const { quietUntil } = createDoctorFacts({
      ...parts,
      quietHours: () => [
        { from: '00:00', to: '12:00' },
        { from: '12:00', to: '23:59' },
      ],
    })()
    expect(Date.parse(quietUntil ?? '')).toBeGreaterThan(clock.wall())
    expect(quietUntil).toMatch(/T16:59:00/)
  })
})
