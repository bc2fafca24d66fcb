import { describe, expect, test } from 'vitest'
import { en } from '../../../agent/cli/messages/en.ts'
import { diagnose } from '../../../agent/core/doctor/diagnose.ts'
import type { DoctorFacts } from '../../../agent/core/doctor/facts.ts'
import type { ReachState } from '../../../agent/core/doctor/outside.ts'
import { agentSays, around, down, wellFacts } from '../../fakes/doctor-facts.ts'

const wrong = (facts: DoctorFacts): readonly string[] =>
  diagnose(facts, en.doctor)
    .filter(({ level }) => level !== 'ok')
    .map(({ level, check, code }) => [level, check, ...(code === undefined ? [] : [code])].join(' '))
const wordsOf = (facts: DoctorFacts): string =>
  diagnose(facts, en.doctor)
    .filter(({ level }) => level !== 'ok')
    .map(({ what, next }) => `${what} -> ${next}`)
    .join()

const { machine, service, disk } = wellFacts
const unitSays = (more: Readonly<Record<string, string>>): DoctorFacts => ({
  ...wellFacts,
  service: { ...service, unit: { ...service.unit, ...more } },
})

describe('what the machine says is judged (faked probes)', () => {
  test.each<[string, DoctorFacts, string, string]>([
    [
      'a machine without an id',
      { ...wellFacts, machine: { ...machine, hasId: false } },
      'warn machine-id',
      'machine-id-setup',
    ],
    [
      'no ffmpeg',
      { ...wellFacts, machine: { ...machine, programs: { ffmpeg: false } } },
      'FAIL decoder DECODER',
      'apt install --reinstall ffmpeg',
    ],
    [
      'no espeak-ng',
      { ...wellFacts, machine: { ...machine, programs: { 'espeak-ng': false } } },
      'warn speech DECODER',
      'espeak-ng',
    ],
    [
      'a clock with a dead battery',
      { ...wellFacts, machine: { ...machine, rtcAt: '2000-01-01T00:00:00.000Z' } },
      'warn rtc',
      'hwclock --systohc',
    ],
    [
      'a service that does not start by itself',
      unitSays({ UnitFileState: 'disabled' }),
      'warn service',
      'systemctl enable loa-agent',
    ],
    ['a unit file that was not read', unitSays({ NeedDaemonReload: 'yes' }), 'warn service', 'daemon-reload'],
    ['many restarts', unitSays({ NRestarts: '12' }), 'warn restarts', 'journalctl -u loa-agent'],
    [
      'a drop-in that opens the file system',
      unitSays({ ProtectSystem: 'no' }),
      'warn hardening',
      'ProtectSystem=strict',
    ],
    [
      'no time service',
      { ...wellFacts, service: { ...service, time: { NTP: 'no' } } },
      'warn ntp',
      'set-ntp true',
    ],
    [
      'a time service that finds no server',
      { ...wellFacts, service: { ...service, time: { NTP: 'yes', NTPSynchronized: 'no' } } },
      'warn ntp',
      'timesync-status',
    ],
    ['few inodes', { ...wellFacts, disk: { ...disk, inodesFree: 2 } }, 'warn inodes', 'du --inodes'],
    ['no inodes', { ...wellFacts, disk: { ...disk, inodesFree: 0 } }, 'FAIL inodes DISK_FULL', 'du --inodes'],
    [
      'a read-only card',
      { ...wellFacts, disk: { ...disk, readOnlyAt: '/' } },
      'FAIL writable DATABASE',
      'remount,rw',
    ],
    [
      'a clock behind what was written',
      { ...wellFacts, disk: { ...disk, writtenAt: '2026-11-23T22:00:00.000Z' } },
      'FAIL compared NO_CLOCK',
      'set-time',
    ],
    [
      'a damaged database',
      { ...wellFacts, databases: [{ file: 'state.db', verdict: 'malformed' }] },
      'FAIL databases DATABASE',
      'systemctl restart loa-agent',
    ],
  ])('%s', (_, facts, expected, words) => {
    expect(wrong(facts)).toEqual([expected])
    expect(wordsOf(facts)).toContain(words)
  })

  test('a service that is down, with nobody who answers in its place', () => {
    const { agent: _agent, ...alone } = unitSays({ ActiveState: 'failed', Result: 'exit-code' })
    expect(wrong(alone)).toEqual(['FAIL service'])
    expect(wordsOf(alone)).toContain('exit-code')
  })

  test('without systemd the process itself is looked at', () => {
    const bare = { ...wellFacts, service: {} }
    const bounds = { noNewPrivileges: true, filtered: true, capabilities: '0000000000000000' }
    expect(wrong({ ...bare, bounds })).toEqual([])
    const open = { ...bare, bounds: { ...bounds, noNewPrivileges: false, capabilities: '000001ffffffffff' } }
    expect(wrong(open)).toEqual(['warn hardening'])
    expect(wordsOf(open)).toContain('(NoNewPrivileges, CapabilityBoundingSet)')
  })
})

describe('how far a connection came is told with what to do (faked probes)', () => {
  const cut = agentSays({ status: down('mqtts://broker-a:8883: x') })
  test.each<[ReachState, string, string]>([
    ['refused', 'FAIL reach BROKER', '/dev/tcp/broker-a/8883'],
    ['timeout', 'FAIL reach BROKER', 'firewall on the way to 8883'],
    ['route', 'FAIL reach BROKER', 'ip route'],
    ['other', 'FAIL reach BROKER', 'journalctl'],
    ['expired', 'FAIL certificate BROKER', 'renewed'],
    ['not-yet', 'FAIL certificate BROKER', 'the clock here is behind'],
    ['untrusted', 'FAIL certificate BROKER', 'mqtt.ca'],
    ['other-name', 'FAIL certificate BROKER', 'mqtt.urls'],
    ['no-tls', 'FAIL certificate BROKER', '8883'],
    ['authority', 'FAIL certificate BROKER', 'PEM'],
  ])('broker: %s', (state, expected, words) => {
    const facts = around({ brokers: [{ url: 'mqtts://broker-a:8883', state, detail: 'd' }] }, cut)
    expect(wrong(facts)).toEqual([expected])
    expect(wordsOf(facts)).toContain(words)
  })

  test.each<[ReachState, string]>([
    ['refused', 'curl -sI'],
    ['timeout', 'no answer in time'],
    ['route', 'no way leads there'],
    ['other', 'curl'],
    ['expired', 'expired on'],
    ['not-yet', 'not valid before'],
    ['untrusted', 'certificate'],
    ['other-name', 'certificate'],
    ['no-tls', 'certificate'],
  ])('content server: %s, and items that wait for its files are not told again', (state, words) => {
    const next = [{ item: 'a', at: '2026-11-23T10:00:00.000Z', armed: false, reason: 'NO_MEDIA' } as const]
    const hosts = [{ url: 'https://content.example', state, detail: 'd' }]
    const facts = around({ hosts }, agentSays({ status: { next } }))
    expect(wrong(facts)).toEqual(['FAIL hosts NO_MEDIA'])
    expect(wordsOf(facts)).toContain(words)
  })

  test('a broker in use is in reach, whatever a second connection meets; an unused one is a warning', () => {
    const held = { url: 'mqtts://broker-a:8883', state: 'timeout' } as const
    expect(wrong(around({ brokers: [held] }))).toEqual([])
    const unused = { url: 'mqtts://broker-b', state: 'refused' } as const
    expect(wrong(around({ brokers: [unused] }))).toEqual(['warn reach BROKER'])
  })

  test('a certificate that ends within two weeks is a warning', () => {
    const brokers = [
      { url: 'mqtts://broker-a:8883', state: 'open', validTo: '2026-11-30T00:00:00.000Z' } as const,
    ]
    expect(wrong(around({ brokers }))).toEqual(['warn certificate'])
  })
})
