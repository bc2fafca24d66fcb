import { describe, expect, test } from 'vitest'
import { en } from '../../../agent/cli/messages/en.ts'
import type { Finding } from '../../../agent/core/doctor/check.ts'
import { diagnose } from '../../../agent/core/doctor/diagnose.ts'
import type { DoctorFacts } from '../../../agent/core/doctor/facts.ts'
import { agentSays, down, refusal, wellFacts } from '../../fakes/doctor-facts.ts'

const told = (facts: DoctorFacts, before: readonly Finding[] = []) => diagnose(facts, en.doctor, before)
const wrong = (facts: DoctorFacts, before: readonly Finding[] = []): readonly string[] =>
  told(facts, before)
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
    ['dead name servers', 'DNS'],
    ['a dead line', 'NO_INTERNET'],
  ] as const)('%s is the cause of a lost broker', (_what, code) => {
    const problems = [{ code, detail: 'x' } as const, { code: 'BROKER', detail: 'y' } as const]
    expect(wrong(agentSays({ status: { broker: { connected: false }, problems } }))).toEqual([
      `FAIL way ${code}`,
    ])
  })

  test('so is a device from which nothing leads out, unless somebody answered', () => {
    const net = { bearer: 'none', addresses: [] } as const
    expect(wrong(agentSays({ status: { ...down('mqtts://b: connect ENETUNREACH'), net } }))).toEqual([
      'FAIL link BROKER',
    ])
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
    const before: Finding = {
      group: 'board',
      check: 'board',
      level: 'FAIL',
      code: 'AUDIO_DEVICE',
      what: 'x',
      next: 'y',
    }
    const facts = agentSays({ status: { problems: [{ code: 'AUDIO_DEVICE', detail: 'z' }] } })
    expect(wrong(facts, [before])).toEqual(['FAIL board AUDIO_DEVICE'])
  })

  test('without an agent only what needs none is judged', () => {
    const { agent: _agent, ...alone } = wellFacts
    expect(told(alone).map(({ check }) => check)).toEqual([
      'identity',
      'release',
      'groups',
      'disk',
      'signatures',
      'root-keys',
      'credentials',
    ])
    expect(told({ installed: alone.installed, machine: alone.machine }).map(({ check }) => check)).toEqual([
      'release',
      'groups',
    ])
  })
})
