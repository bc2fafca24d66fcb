import { describe, expect, test } from 'vitest'
import { en } from '../../../agent/cli/messages/en.ts'
import { diagnose } from '../../../agent/core/doctor/diagnose.ts'
import type { DoctorFacts } from '../../../agent/core/doctor/facts.ts'
import { fail } from '../../../agent/core/doctor/told.ts'
import { agentSays, around, down, refusal, wellFacts } from '../../fakes/doctor-facts.ts'

const told = (facts: DoctorFacts) => diagnose(facts, en.doctor)
const wrong = (facts: DoctorFacts): readonly string[] =>
  told(facts)
    .filter(({ level }) => level !== 'ok')
    .map(({ level, check, code }) => [level, check, ...(code === undefined ? [] : [code])].join(' '))

const { settings } = wellFacts

describe('what follows from a fault is not a fault of its own', () => {
  test('without a broker nothing is said of what it would bring or take', () => {
    const facts = agentSays({
      trust: [],
      schedules: [],
      revisions: {},
      oldestRecord: '2026-11-20T00:00:00.000Z',
      status: {
        broker: { connected: false },
        outbox: 900,
        problems: [{ code: 'BROKER', detail: 'mqtts://b: x' }, { code: 'CONTROL_STALE' }],
      },
    })
    expect(wrong(facts)).toEqual(['FAIL broker BROKER'])
  })

  test.each([
    ['a login page', 'CAPTIVE_PORTAL'],
    ['a dead line', 'NO_INTERNET'],
  ] as const)('%s is the cause of a lost broker', (_what, code) => {
    const problems = [{ code, detail: 'x' } as const, { code: 'BROKER', detail: 'y' } as const]
    expect(wrong(agentSays({ status: { broker: { connected: false }, problems } }))).toEqual([
      `FAIL way ${code}`,
    ])
  })

  test('so is a device from which nothing leads out, unless somebody answered', () => {
    const net = { bearer: 'none', addresses: [] } as const
    const nowhere = agentSays({ status: { ...down('mqtts://b: connect ENETUNREACH'), net } })
    const lost = [{ url: 'mqtts://b', state: 'route' } as const]
    expect(wrong(around({ brokers: lost, names: [], hosts: [] }, nowhere))).toEqual(['FAIL link BROKER'])
    const refused = 'mqtt://127.0.0.1: connect ECONNREFUSED 127.0.0.1:1883'
    expect(wrong(agentSays({ status: { ...down(refused), net } }))).toEqual(['FAIL broker BROKER'])
    expect(wrong(agentSays({ status: { net } }))).toEqual([])
  })

  test('an item whose files wait to save data is in order, one of which another file is missing is not', () => {
    const next = [{ item: 'a', at: '2026-11-23T10:00:00.000Z', armed: false, reason: 'NO_MEDIA' } as const]
    const waiting = { sha256: 'a', state: 'missing', waitsUntil: '2026-11-23T05:00:00.000Z' } as const
    const facts = agentSays({ missing: [waiting], status: { next } })
    expect(wrong(facts)).toEqual([])
    expect(told(facts).map(({ what }) => what)).toContain(
      'a, due 2026-11-23 17:00: its files wait to save data, and will be here in time',
    )
    const gone = { sha256: 'b', state: 'missing', code: 'NO_MEDIA' } as const
    expect(wrong(agentSays({ missing: [waiting, gone], status: { next } }))).toEqual(['warn armed NO_MEDIA'])
  })

  test('a session that another client takes is the cause of a lost broker', () => {
    const problems = [
      { code: 'SESSION_TAKEN', detail: 'x' } as const,
      { code: 'BROKER', detail: 'y' } as const,
    ]
    expect(wrong(agentSays({ status: { broker: { connected: false }, problems } }))).toEqual([
      'FAIL session SESSION_TAKEN',
    ])
  })

  test('without trust no key is known: that is told once, and a refused trust document is the cause of that', () => {
    const unknown = refusal({ code: 'UNKNOWN_KEY' })
    expect(wrong(agentSays({ trust: [], refused: [unknown] }))).toEqual(['FAIL keys'])
    const bad = refusal({ document: '75/trust', code: 'BAD_SIGNATURE' })
    expect(wrong(agentSays({ trust: [], refused: [unknown, bad] }))).toEqual(['FAIL refused BAD_SIGNATURE'])
  })

  test('where nothing may be fetched, or no room is left, items without their files are not told', () => {
    const next = [{ item: 'a', at: '2026-11-23T10:00:00.000Z', armed: false, reason: 'NO_MEDIA' } as const]
    expect(wrong(agentSays({ settings: { ...settings, allow: [] }, status: { next } }))).toEqual([
      'FAIL allowed',
    ])
    expect(wrong(agentSays({ status: { next, problems: [{ code: 'DISK_FULL' }] } }))).toEqual([
      'FAIL disk DISK_FULL',
    ])
  })

  test('a sound card that the board check misses is told there alone', () => {
    const facts = agentSays({ status: { problems: [{ code: 'AUDIO_DEVICE', detail: 'z' }], underruns: 3 } })
    const card = [fail(['x', 'y'], 'AUDIO_DEVICE')]
    expect(wrong({ ...facts, seen: { ...facts.seen, card } })).toEqual(['FAIL card AUDIO_DEVICE'])
  })

  test('dead name servers are one line, not six', () => {
    const names = [
      { host: 'broker-a', answer: 'silent' } as const,
      { host: 'content.example', answer: 'silent' } as const,
    ]
    const brokers = [{ url: 'mqtts://broker-a:8883', state: 'name' } as const]
    const hosts = [{ url: 'https://content.example', state: 'name' } as const]
    const next = [{ item: 'a', at: '2026-11-23T10:00:00.000Z', armed: false, reason: 'NO_MEDIA' } as const]
    const status = {
      ...down('mqtts://broker-a:8883: getaddrinfo EAI_AGAIN broker-a'),
      next,
      outbox: 9,
    }
    const outside = { names, brokers, hosts, times: [] }
    expect(wrong(around(outside, agentSays({ status })))).toEqual(['FAIL name-servers DNS'])
    const told = [...(status.problems ?? []), { code: 'DNS' } as const]
    expect(wrong(agentSays({ status: { ...status, problems: told, next: [] } }))).toEqual([
      'FAIL name-servers DNS',
    ])
  })

  test('a name that is written wrong is told, and not the broker behind it; with another broker it is a warning', () => {
    const names = [{ host: 'broker-a', answer: 'unknown' } as const]
    const gone = { url: 'mqtts://broker-a:8883', state: 'name' } as const
    const other = { url: 'mqtts://10.0.0.1', state: 'open' } as const
    const cut = agentSays({ status: down('mqtts://broker-a:8883: getaddrinfo ENOTFOUND broker-a') })
    expect(wrong(around({ names, brokers: [gone] }, cut))).toEqual(['FAIL broker-names DNS'])
    expect(wrong(around({ names, brokers: [gone, other] }))).toEqual(['warn broker-names DNS'])
  })

  test('an expired certificate of the broker is told with its date, and not the connection that fails by it', () => {
    const brokers = [
      { url: 'mqtts://broker-a:8883', state: 'expired', validTo: '2026-11-01T00:00:00.000Z' } as const,
    ]
    const cut = agentSays({ status: down('mqtts://broker-a:8883: the certificate has expired') })
    const facts = around({ brokers }, cut)
    expect(wrong(facts)).toEqual(['FAIL certificate BROKER'])
    expect(told(facts).find(({ level }) => level === 'FAIL')?.what).toContain(
      'expired on 2026-11-01 00:00 UTC',
    )
  })

  test('a clock that is a day off explains certificates, schedules and servers that seem out of date', () => {
    const aheadMs = 86_400_000
    const brokers = [
      { url: 'mqtts://broker-a:8883', state: 'expired', validTo: '2026-11-22T12:00:00.000Z' } as const,
    ]
    const schedules = [{ document: '75/schedule', exp: '2026-11-22T12:00:00Z' } as const]
    const facts = around({ brokers, times: [{ source: 'ntp.example', aheadMs }] }, agentSays({ schedules }))
    expect(wrong(facts)).toEqual(['FAIL compared NO_CLOCK'])
    expect(told(facts).find(({ level }) => level === 'FAIL')).toMatchObject({
      what: 'the clock is 1.0 days ahead of ntp.example',
      next: expect.stringContaining('timedatectl set-ntp true'),
    })
  })

  test('of several clocks the one that agrees best is believed', () => {
    const times = [
      { source: 'wrong.example', aheadMs: -9e7 },
      { source: 'right.example', aheadMs: 300 },
    ]
    expect(wrong(around({ times }))).toEqual([])
    expect(wrong(around({ times: [{ source: 'x', aheadMs: -120_000 }] }))).toEqual(['warn compared'])
  })

  test('without an agent only what needs none is judged', () => {
    const { agent: _agent, ...alone } = wellFacts
    const agent = [fail(['x', 'y'])]
    const names = told({ ...alone, seen: { ...alone.seen, agent } }).map(({ check }) => check)
    expect(names).toEqual(
      expect.arrayContaining([
        ...['agent', 'configuration', 'identity', 'release', 'groups', 'board', 'disk', 'databases'],
        ...['compared', 'link', 'name-servers', 'reach', 'certificate', 'credentials', 'signatures', 'hosts'],
        ...['card', 'relay-lines', 'ports'],
      ]),
    )
    expect(names).not.toEqual(expect.arrayContaining(['broker']))
    const { installed, machine, at } = alone
    expect(told({ installed, machine, at, seen: {} }).map(({ check }) => check)).toEqual([
      'machine-id',
      'release',
      'node',
      'groups',
      'rtc',
      'decoder',
      'speech',
    ])
  })

  test('an agent that is stopped is told once, and not that its service is', () => {
    const { agent: _agent, ...alone } = wellFacts
    const unit = { ...alone.service.unit, ActiveState: 'failed' }
    const agent = [fail(['x', 'y'])]
    expect(wrong({ ...alone, service: { unit }, seen: { ...alone.seen, agent } })).toEqual(['FAIL agent'])
  })
})
