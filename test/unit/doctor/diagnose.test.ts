import { describe, expect, test } from 'vitest'
import { en } from '../../../agent/cli/messages/en.ts'
import { CHECK_GROUPS } from '../../../agent/core/doctor/check.ts'
import { CHECKS, diagnose } from '../../../agent/core/doctor/diagnose.ts'
import type { DoctorFacts } from '../../../agent/core/doctor/facts.ts'
import { type AgentChange, agentSays, down, refusal, wellFacts } from '../../fakes/doctor-facts.ts'

const told = (facts: DoctorFacts) => diagnose(facts, en.doctor)
const wrong = (facts: DoctorFacts): readonly string[] =>
  told(facts)
    .filter(({ level }) => level !== 'ok')
    .map(({ level, check, code }) => [level, check, ...(code === undefined ? [] : [code])].join(' '))

const { settings } = wellFacts
const signaturesOff = { ...settings, signatures: 'off', rootKeys: [] } as const
describe('a device with which nothing is wrong', () => {
  test('shows at least 40 checks', () =>
    expect(new Set(told(wellFacts).map(({ check }) => check)).size).toBeGreaterThanOrEqual(40))

  test('passes every check, and each has something to say', () => {
    expect(wrong(wellFacts)).toEqual([])
    const silent = CHECKS.map(({ name }) => name).filter(
      (name) => !told(wellFacts).some(({ check }) => check === name),
    )
    expect(silent).toEqual([])
  })

  test('is told group by group', () => {
    const groups = told(wellFacts).map(({ group }) => group)
    expect([...new Set(groups)]).toEqual(CHECK_GROUPS)
    const place = new Map(CHECK_GROUPS.map((group, at) => [group, at]))
    expect(groups).toEqual(groups.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)))
  })
})

describe('what is wrong is told once, with its level and code', () => {
  test.each<[string, AgentChange, readonly string[]]>([
    ['an old Node', { node: '20.1.0' }, ['FAIL node UNSUPPORTED']],
    ['a release that was not started yet', { status: { agent: '0.0.9' } }, ['warn release']],
    ['root', { uid: 0 }, ['warn user']],
    [
      'a status page whose port is taken',
      { page: { listen: '127.0.0.1:8080', fault: 'listen EADDRINUSE: address already in use' } },
      ['warn page'],
    ],
    ['a partial jail', { status: { jail: { state: 'partial', missing: ['files'] } } }, ['warn jail']],
    [
      'no jail',
      { status: { jail: { state: 'none', missing: ['files', 'network', 'processes', 'limits'] } } },
      ['FAIL jail'],
    ],
    ['little room', { diskMb: 120 }, ['warn disk']],
    ['no room', { diskMb: 12 }, ['FAIL disk DISK_FULL']],
    ['a database made anew today', { databaseLost: '2026-11-22T21:00:00.000Z' }, ['FAIL database DATABASE']],
    ['a list of files made anew', { cacheLost: '2026-11-22T21:00:00.000Z' }, ['FAIL cache DATABASE']],
    ['a list of files made anew before', { cacheLost: '2026-11-20T21:00:00.000Z' }, ['warn cache DATABASE']],
    [
      'safe mode',
      {
        status: {
          safeMode: { off: ['signs'], until: '2026-11-22T22:10:00.000Z' },
          problems: [{ code: 'SAFE_MODE' }],
        },
      },
      ['FAIL safe-mode SAFE_MODE'],
    ],
    [
      'topics that the broker keeps closed',
      { unsubscribed: ['loa/v1/area/75/schedule'] },
      ['FAIL subscribed BROKER'],
    ],
    ['a weak signal', { status: { net: { bearer: 'wifi', addresses: [], dbm: -88 } } }, ['warn signal']],
    ['an agent beside the service', { pid: 701 }, ['warn service']],
    ...(['MAINS_LOST', 'CONTACT', 'TAMPER', 'DOOR', 'EXTERNAL_FAULT', 'EMERGENCY_CONTACT'] as const).map(
      (code): [string, AgentChange, readonly string[]] => [
        `the problem ${code} of contacts`,
        { status: { problems: [{ code, detail: 'x' }] } },
        [`warn ${code === 'MAINS_LOST' ? 'mains' : 'contacts'} ${code}`],
      ],
    ),
    ['a full disk', { status: { problems: [{ code: 'DISK_FULL' }] } }, ['FAIL disk DISK_FULL']],
    ['a database made anew', { databaseLost: '2026-11-20T00:00:00.000Z' }, ['warn database DATABASE']],
    [
      'a database that is gone',
      { status: { problems: [{ code: 'DATABASE', detail: 'x' }] } },
      ['FAIL database DATABASE'],
    ],
    [
      'a modem that cannot be used',
      { status: { problems: [{ code: 'MODEM', detail: 'the modem is gone' }] } },
      ['warn modem MODEM'],
    ],
    [
      'data that is nearly used',
      { status: { problems: [{ code: 'DATA_BUDGET', detail: '2400 of 3000 MB since 2026-11-05' }] } },
      ['warn data DATA_BUDGET'],
    ],
    [
      'a sound card that comes loose',
      {
        status: {
          adapters: [{ id: 'sound', name: 'Device', present: true, losses: 2, returns: 2, cycles: 0 }],
        },
      },
      ['warn adapters ADAPTER'],
    ],
    [
      'a sound card that was plugged out once',
      {
        status: {
          adapters: [{ id: 'sound', name: 'Device', present: true, losses: 1, returns: 1, cycles: 0 }],
        },
      },
      [],
    ],
    ['a warm board', { status: { sensors: { cpu: 75 } } }, ['warn temperature TEMPERATURE']],
    ...(
      [
        ['TEMPERATURE', 'FAIL temperature'],
        ['UNDERVOLTAGE', 'FAIL power'],
        ['BATTERY', 'FAIL battery'],
        ['STORAGE', 'FAIL storage'],
        ['OVERLOAD', 'warn burden'],
        ['FAN', 'warn fan'],
        ['SENSOR', 'warn sensors'],
        ['SPEAKER_LINE', 'FAIL lines'],
      ] as const
    ).map(([code, told]): [string, AgentChange, readonly string[]] => [
      `the problem ${code} of sensors`,
      { status: { problems: [{ code, detail: 'x' }] } },
      [`${told} ${code}`],
    ]),
    [
      'heat that there was before',
      { status: { sensors: { cpu: 50, slowedBefore: 1 } } },
      ['warn temperature TEMPERATURE'],
    ],
    [
      'a supply that was too low before',
      { status: { sensors: { undervoltage: 0, undervoltageBefore: 1 } } },
      ['warn power UNDERVOLTAGE'],
    ],
    [
      'signatures off',
      { settings: signaturesOff, status: { problems: [{ code: 'SIGNATURES_OFF' }] } },
      ['FAIL signatures SIGNATURES_OFF'],
    ],
    ['too few root keys', { settings: { ...settings, threshold: 2 } }, ['FAIL root-keys']],
    ['no trust', { trust: [] }, ['FAIL keys']],
    [
      'trust out of date',
      { trust: [{ document: '75/trust', rev: 3, keys: 2, inDate: 0 }] },
      ['FAIL keys EXPIRED'],
    ],
    [
      'trust that ends',
      { trust: [{ document: '75/trust', rev: 3, keys: 2, inDate: 2, ends: '2026-12-01T00:00:00Z' }] },
      ['warn keys'],
    ],
    ['no schedule', { schedules: [], revisions: {} }, ['warn held']],
    [
      'a schedule that ends',
      { schedules: [{ document: '75/schedule', exp: '2026-11-24T00:00:00Z' }] },
      ['warn schedule'],
    ],
    [
      'a schedule that has ended',
      { schedules: [{ document: '75/schedule', exp: '2026-11-22T00:00:00Z' }] },
      ['FAIL schedule EXPIRED_SCHEDULE'],
    ],
    ['a refused schedule', { refused: [refusal()] }, ['FAIL refused INVALID']],
    ['an old revision', { refused: [refusal({ code: 'OLD_REVISION' })] }, ['warn refused OLD_REVISION']],
    [
      'a refused command',
      { refused: [refusal({ document: 'command', code: 'WRONG_BOOT' })] },
      ['warn refused WRONG_BOOT'],
    ],
    [
      'documents held back',
      { status: { problems: [{ code: 'CONTROL_STALE', detail: '75/schedule' }] } },
      ['FAIL held-back CONTROL_STALE'],
    ],
    [
      'an unset clock',
      { status: { clock: { state: 'unset', offsetMs: 0 }, problems: [{ code: 'NO_CLOCK' }] } },
      ['FAIL clock NO_CLOCK'],
    ],
    [
      'a stale clock',
      { status: { clock: { state: 'stale', offsetMs: 0 }, problems: [{ code: 'CLOCK_UNSYNCED' }] } },
      ['warn clock CLOCK_UNSYNCED'],
    ],
    ['a clock that is off', { status: { clock: { state: 'synced', offsetMs: -240 } } }, ['warn clock']],
    ['no broker', { status: down('mqtt://b: connect ECONNREFUSED') }, ['FAIL broker BROKER']],
    [
      'a taken session',
      { status: { problems: [{ code: 'SESSION_TAKEN', detail: 'x' }] } },
      ['FAIL session SESSION_TAKEN'],
    ],
    [
      'an open key',
      { files: [{ path: 'mqtt.key', message: 'x' }], status: { problems: [{ code: 'CREDENTIALS' }] } },
      ['FAIL credentials CREDENTIALS'],
    ],
    [
      'no certificate yet',
      { files: [{ path: 'mqtt.cert', message: 'ENOENT' }] },
      ['FAIL credentials CREDENTIALS'],
    ],
    ['old records', { oldestRecord: '2026-11-22T20:00:00.000Z', status: { outbox: 7 } }, ['warn outbox']],
    ['no allowed content', { settings: { ...settings, allow: [] } }, ['warn allowed']],
    [
      'a dead sound card',
      { status: { problems: [{ code: 'AUDIO_DEVICE', detail: 'no such device' }] } },
      ['FAIL device AUDIO_DEVICE'],
    ],
    ['underruns', { status: { underruns: 4 } }, ['warn underruns']],
    [
      'a dead microphone',
      { status: { problems: [{ code: 'CAPTURE', detail: 'pulled out' }] } },
      ['warn hearing CAPTURE'],
    ],
    [
      'speakers that nobody hears',
      { status: { problems: [{ code: 'NOT_HEARD', detail: 'of the last one 0 %' }] } },
      ['FAIL hearing NOT_HEARD'],
    ],
    [
      'a stuck relay',
      { status: { amps: { main: 'stuck' }, problems: [{ code: 'AMPLIFIER_STUCK' }] } },
      ['FAIL amplifiers AMPLIFIER_STUCK'],
    ],
    [
      'a relay that cannot be driven',
      { status: { amps: { main: 'stuck' }, problems: [{ code: 'AMPLIFIER' }] } },
      ['FAIL amplifiers AMPLIFIER'],
    ],
    [
      'a dead sign',
      { status: { signs: { gate: 'fault' }, problems: [{ code: 'SIGN', detail: 'gate: x' }] } },
      ['FAIL signs SIGN'],
    ],
    ['a sign that has not been given its page', { status: { shown: {} } }, []],
    ['mute', { status: { muted: true } }, ['warn silence MUTED']],
    [
      'a problem that no check speaks for',
      { status: { problems: [{ code: 'GAP', detail: 'mains' }] } },
      ['warn problems GAP'],
    ],
  ])('%s', (_, change, expected) => expect(wrong(agentSays(change))).toEqual(expected))

  test('groups that the machine lacks, and a configuration that is newer than the agent', () => {
    expect(wrong({ ...wellFacts, machine: { ...wellFacts.machine, groups: ['loa'] } })).toEqual([
      'warn groups',
    ])
    expect(wrong({ ...wellFacts, configChangedAt: '2026-11-22T21:00:00.000Z' })).toEqual([
      'warn config-changed',
    ])
  })

  test.each<[string, AgentChange['status'], string]>([
    [
      'its line',
      { lines: { main: { state: 'ok', loadPercent: 97 } } },
      'loudspeaker line of main: ok, 97 % of the learned load',
    ],
    [
      'its line before anything sounded',
      { lines: { main: { state: 'ok' } } },
      'loudspeaker line of main: ok',
    ],
    [
      'the wear of its eMMC',
      { sensors: { wear: 30, errors: 0 } },
      'of its life the eMMC has used up 30 % at most',
    ],
    ['a supply whose voltage nobody measures', { sensors: { undervoltage: 0 } }, 'the supply is not too low'],
  ])('a well device tells of %s', (_, status, sentence) => {
    const facts = agentSays(status === undefined ? {} : { status })
    expect(wrong(facts)).toEqual([])
    expect(told(facts).map(({ what }) => what)).toContain(sentence)
  })

  test('quiet hours, records on their way, a held clock and a stream not asked yet are no faults', () => {
    const facts = agentSays({
      quietUntil: '2026-11-22T22:30:00.000Z',
      oldestRecord: '2026-11-22T22:00:20.000Z',
      status: {
        outbox: 3,
        clock: { state: 'held', offsetMs: 0 },
        next: [{ item: 'vov', at: '2026-11-23T10:00:00.000Z', armed: false }],
      },
    })
    expect(wrong(facts)).toEqual([])
    const sentences = told(facts).map(({ what }) => what)
    expect(sentences).toContain('quiet hours until 2026-11-23 05:30: nothing but alerts sounds')
    expect(sentences).toContain('vov, due 2026-11-23 17:00: its stream is asked from an hour ahead')
    expect(wrong(agentSays({ status: { next: [] } }))).toEqual([])
  })
})
