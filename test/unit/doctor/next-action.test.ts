import { describe, expect, test } from 'vitest'
import { en } from '../../../agent/cli/messages/en.ts'
import { vi } from '../../../agent/cli/messages/vi.ts'
import { isCode, REFUSALS, type RefusalCode } from '../../../agent/core/codes.ts'
import { diagnose } from '../../../agent/core/doctor/diagnose.ts'
import type { DoctorFacts } from '../../../agent/core/doctor/facts.ts'
import { agentSays, down, refusal, wellFacts } from '../../fakes/doctor-facts.ts'

const told = (facts: DoctorFacts) => diagnose(facts, en.doctor)

describe('what to do next', () => {
  const nextOf = (facts: DoctorFacts): string => told(facts).find(({ level }) => level !== 'ok')?.next ?? ''
  const jailed = (machine: Partial<DoctorFacts['machine']>, missing: readonly ['files' | 'network']) => ({
    ...agentSays({ status: { jail: { state: 'partial', missing } } }),
    machine: { ...wellFacts.machine, ...machine },
  })

  test.each<[string, DoctorFacts, string]>([
    ['no perl', jailed({ perl: false }, ['files']), 'perl-base'],
    ['an old kernel', jailed({ kernel: '5.10.0-30-arm64' }, ['files']), '5.13 or newer'],
    ['an older major', jailed({ kernel: '4.19.0' }, ['files']), '5.13 or newer'],
    ['a kernel without Landlock', jailed({ lsm: ['capability'] }, ['files']), 'lsm='],
    ['a unit that forbids it', jailed({ kernel: undefined }, ['files']), 'grep landlock'],
    ['no seccomp', jailed({ kernel: 'odd', lsm: ['capability'] }, ['network']), 'docs/operations.md'],
    ['mute', agentSays({ status: { muted: true } }), 'loa amp unmute'],
  ])('of %s', (_, facts, words) => expect(nextOf(facts)).toContain(words))

  test.each([
    ['mqtts://b-1.example:8884: getaddrinfo ENOTFOUND b-1.example', 'getent hosts b-1.example'],
    ['mqtt://10.0.0.1: connect ECONNREFUSED 10.0.0.1:1883', '/dev/tcp/10.0.0.1/1883'],
    ['mqtts://[::1]: connect ETIMEDOUT', 'ping -c 3 ::1'],
    ['mqtts://b: the broker does not let this device in: compare (code 5)', 'mqtt.username'],
    ["mqtts://b: the broker's certificate has expired (x)", 'openssl s_client -connect b:8883'],
    ['mqtts://b: keepalive', '/dev/tcp/b/8883'],
    ['no broker is connected', '/dev/tcp/HOST/8883'],
  ])('of a broker that says %s', (detail, words) => {
    expect(nextOf(agentSays({ status: down(detail) }))).toContain(words)
  })

  test.each(Object.keys(REFUSALS).filter((code): code is RefusalCode => isCode(code)))(
    'of %s is told in both languages',
    (code) => {
      const facts = agentSays({ refused: [refusal({ code })] })
      const [english, vietnamese] = [en, vi].map((say) =>
        diagnose(facts, say.doctor).find(({ level }) => level !== 'ok'),
      )
      expect(english?.code).toBe(code)
      expect(english?.next).not.toBe(vietnamese?.next)
    },
  )

  test('a refusal names document, revision, key and place', () => {
    expect(told(agentSays({ refused: [refusal()] })).find(({ level }) => level === 'FAIL')?.what).toBe(
      'refused 75/26068/schedule, revision 43, key c-75-26068: INVALID - items.1.when.times.0: expected a local time',
    )
    const { rev: _rev, kid: _kid, path: _path, ...bare } = refusal()
    expect(told(agentSays({ refused: [bare] })).find(({ level }) => level === 'FAIL')?.what).toBe(
      'refused 75/26068/schedule: INVALID - expected a local time',
    )
  })

  test('an item that is not armed names the files it may lack', () => {
    const facts = agentSays({
      missing: [
        { sha256: 'a'.repeat(64), state: 'fetching' },
        { sha256: 'b'.repeat(64), state: 'bad', code: 'BAD_MEDIA' },
      ],
      status: {
        next: [
          { item: 'hop', at: '2026-11-23T10:00:00.000Z', armed: false, reason: 'NO_MEDIA' },
          { item: 'vov', at: '2026-11-23T11:00:00.000Z', armed: false, reason: 'STREAM' },
        ],
      },
    })
    const warned = told(facts).filter(({ level }) => level === 'warn')
    expect(warned.map(({ code }) => code)).toEqual(['NO_MEDIA', 'STREAM', 'BAD_MEDIA'])
    expect(warned[0]?.what).toBe(
      'hop, due 2026-11-23 17:00, is not armed: NO_MEDIA; file aaaaaaaaaaaa fetching; file bbbbbbbbbbbb BAD_MEDIA',
    )
  })
})
