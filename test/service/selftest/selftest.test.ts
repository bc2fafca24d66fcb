import { describe, expect, test } from 'vitest'
import { epochMs } from '../../../agent/core/time.ts'
import { at, news } from '../dispatch/station.ts'
import { openSelftest } from './bench.ts'

const FINE = [
  'amplifier main ok',
  'sweep ok',
  'siren ok',
  'pilot ok',
  'sign gate ok',
  'broker ok',
  'clock ok',
]
const YES = { quiet: 'yes', sweep: 'yes', siren: 'yes', sign: 'yes', remark: 'skip' } as const

describe('a commissioning run', () => {
  test('tries every part, measures it, leaves the relay open and tells the province', async () => {
    await using bench = openSelftest({ heard: 0.93 })
    await bench.run('unattended')
    expect(bench.results()).toEqual(FINE)
    const report = bench.report()
    expect(report).toMatchObject({ ok: true, by: 'unattended', answers: [], unsigned: 'no key' })
    expect(Object.fromEntries(report.steps.map(({ step, facts }) => [step, facts]))).toMatchObject({
      amplifier: { readBack: true, closedMs: 0, openedMs: 0 },
      sweep: { fromHz: 100, toHz: 8000, seconds: 6, volume: 70, playedSeconds: 6 },
      siren: { sound: 'siren-wail', seconds: 3, volume: 20, playedSeconds: 3 },
      pilot: { heard: 0.93 },
      sign: { width: 64, height: 16, color: 'rgb', proof: 'sent' },
      broker: { ackMs: 20 },
      clock: { state: 'synced', offsetMs: 0 },
    })
    expect(bench.relay.log).toEqual([true, false])
    expect(bench.events.at(-1)).toMatchObject({
      code: 'SELFTEST',
      severity: 'info',
      data: { ok: true, steps: 7, problems: [], heard: 0.93, clock_offsetMs: 0 },
    })
    await bench.station.pass(10)
    expect(bench.station.board.text).toBe('')
    expect(bench.station.outcomes.map((outcome) => outcome.split(': ')[1])).toEqual(
      Array(4).fill('completed'),
    )
  })

  test('asks who is there, and a no is a problem', async () => {
    const answers = { ...YES, siren: 'no', remark: ' dây loa mới ' }
    await using bench = openSelftest({ heard: 1, answers })
    await bench.run('technician')
    expect(bench.report()).toMatchObject({
      ok: false,
      remark: 'dây loa mới',
      answers: [
        { question: 'sweep', answer: 'yes' },
        { question: 'siren', answer: 'no' },
        { question: 'sign', id: 'gate', answer: 'yes' },
      ],
    })
    expect(bench.results()).toEqual(FINE)
    expect(bench.events.at(-1)).toMatchObject({ severity: 'warning', data: { denied: ['siren'] } })
    // The pattern was for whoever looked at it.
    expect(bench.station.board.text).toBe('')
  })

  test('takes a question that nobody answers for five minutes as passed over', async () => {
    const { siren: _unanswered, ...answers } = YES
    await using bench = openSelftest({ answers })
    await bench.run('technician', 400)
    expect(bench.report()).toMatchObject({ ok: true })
    expect(bench.report().answers).toContainEqual({ question: 'siren', answer: 'skip' })
  })

  test('that its client leaves sounds no further and shows nothing', async () => {
    await using bench = openSelftest({ answers: { sweep: 'yes', siren: 'yes' } })
    const running = bench.begin('technician')
    const ended = expect(running).rejects.toThrow('gone')
    await bench.station.pass(25, 20)
    expect(bench.told.at(-1)).toMatchObject({ state: 'question', question: 'sign' })
    bench.stop.abort(new Error('gone'))
    await ended
    expect(bench.relay.closed).toBe(false)
    expect(bench.station.board.text).toBe('')
    expect(bench.events).toEqual([])
  })
})

describe('a fault is found:', () => {
  test.each(['open', 'closed'] as const)('a relay whose contact stays %s', async (stuck) => {
    await using bench = openSelftest({ stuck })
    await bench.run('unattended')
    expect(bench.results()).toContain('amplifier main problem AMPLIFIER_STUCK')
    expect(bench.report().ok).toBe(false)
    expect(bench.relay.closed).toBe(false)
    expect(bench.events.at(-1)).toMatchObject({ severity: 'warning', data: { problems: ['amplifier main'] } })
  })

  test('a horn that the microphone does not hear', async () => {
    await using bench = openSelftest({ heard: 0.1 })
    await bench.run('unattended')
    expect(bench.results()).toContain('pilot problem NOT_HEARD')
  })

  test('a microphone that gives nothing', async () => {
    await using bench = openSelftest({ heard: 'nothing' })
    await bench.run('unattended')
    expect(bench.results()).toContain('pilot problem CAPTURE')
  })

  test('a sign that does not work', async () => {
    await using bench = openSelftest()
    bench.station.board.health = { ok: false, message: 'the port is gone' }
    await bench.run('unattended')
    expect(bench.results()).toContain('sign gate problem SIGN')
  })

  test('a master volume of nothing', async () => {
    await using bench = openSelftest()
    bench.station.master = 0
    await bench.run('unattended')
    expect(bench.results()).toContain('sweep problem POLICY')
  })

  test.each([
    ['gone', 'no broker is connected'],
    ['deaf', 'what was published did not come back within ten seconds'],
  ] as const)('a broker that is %s', async (broker, message) => {
    await using bench = openSelftest({ broker })
    await bench.run('unattended')
    expect(bench.report().steps).toContainEqual(expect.objectContaining({ code: 'BROKER', message }))
  })

  test('a relay that rests is no fault: it is ordered again', async () => {
    await using bench = openSelftest({ resting: true })
    await bench.run('unattended')
    expect(bench.results()).toContain('amplifier main ok')
    expect(bench.relay.log).toEqual([true, false])
  })

  test('no microphone is no fault', async () => {
    await using bench = openSelftest()
    await bench.run('unattended')
    expect(bench.results()).toContain('pilot absent')
    expect(bench.report().ok).toBe(true)
  })
})

describe('what goes before it:', () => {
  test('an alert in the middle of the sweep is not kept waiting, and the report says so', async () => {
    const now: Parameters<typeof openSelftest>[0] = { heard: 1 }
    await using bench = openSelftest(now)
    const running = bench.begin('unattended')
    await bench.station.pass(5, 20)
    expect(bench.station.agent.play.playing).toBeDefined()
    now.alerts = [{ alert: { id: 'flood' }, until: epochMs(Date.parse(at(600))) }]
    await bench.station.pass(1, 20)
    await running
    expect(bench.station.agent.play.playing).toBeUndefined()
    expect(bench.report()).toMatchObject({ ok: false, cut: { code: 'PREEMPTED', item: 'flood' } })
    expect(bench.results()).toEqual(['amplifier main ok'])
    expect(bench.relay.closed).toBe(false)
    expect(bench.events.at(-1)).toMatchObject({ severity: 'warning', data: { cut: 'PREEMPTED' } })
  })

  test('an item of a higher class that cuts the sweep plays at its second', async () => {
    await using bench = openSelftest()
    const running = bench.begin('unattended')
    await bench.station.pass(1, 20)
    bench.station.publish([news('urgent', at(4), 10, { class: 'emergency' })])
    await bench.station.pass(5, 20)
    await running
    expect(bench.report()).toMatchObject({ cut: { code: 'PREEMPTED' } })
    await bench.station.pass(20)
    expect(bench.station.record('urgent')).toMatchObject({ result: 'completed', startErrorMs: 0 })
  })

  test('an item that is due while a question waits is not kept waiting by the next sound', async () => {
    await using bench = openSelftest({})
    bench.station.publish([news('news', at(160))])
    const running = bench.begin('technician')
    await bench.station.pass(145, 20)
    expect(bench.told.at(-1)).toMatchObject({ question: 'sweep' })
    const asked = bench.told.at(-1)
    if (asked?.state === 'question') bench.selftest.answer(asked.run, 'sweep', 'yes')
    await bench.station.pass(1, 20)
    await running
    expect(bench.report().cut).toEqual({ code: 'PREEMPTED', item: 'news' })
    await bench.station.pass(60)
    expect(bench.station.record('news')).toMatchObject({ result: 'completed', startErrorMs: 0 })
  })

  test.each([
    ['an item due within two minutes', 100, { why: 'due', item: 'news', until: at(110) }],
    ['an item that plays', 2, { why: 'playing', item: 'news', until: at(12) }],
  ] as const)('%s: refused, with when to come back', async (_what, second, refused) => {
    await using bench = openSelftest()
    bench.station.publish([news('news', at(second))])
    if (second < 10) await bench.station.pass(4)
    expect(await bench.run('unattended')).toEqual({ state: 'refused', ...refused })
    expect(bench.relay.log).toEqual([])
    expect(bench.events).toEqual([])
  })

  test('what follows closely belongs to the time to wait', async () => {
    await using bench = openSelftest()
    bench.station.publish([news('a', at(100)), news('b', at(170), 30), news('c', at(900))])
    expect(await bench.run('unattended')).toMatchObject({ why: 'due', item: 'a', until: at(200) })
  })

  test('an alert in force, a mute, and another run', async () => {
    const until = epochMs(Date.parse(at(600)))
    await using alerted = openSelftest({ alerts: [{ alert: { id: 'flood' }, until }] })
    expect(await alerted.run('unattended')).toMatchObject({ why: 'alert', item: 'flood', until: at(600) })
    await using muted = openSelftest({ muted: true })
    expect(await muted.run('technician')).toMatchObject({ state: 'refused', why: 'muted' })
    await using bench = openSelftest()
    const first = bench.begin('unattended')
    await bench.station.pass(1, 20)
    await bench.begin('unattended')
    expect(bench.told.at(-1)).toEqual({ state: 'refused', why: 'running' })
    await bench.station.pass(40, 20)
    await first
    expect(bench.report().ok).toBe(true)
  })
})

describe('at night', () => {
  test('an order of the province makes no sound and switches no relay', async () => {
    await using bench = openSelftest({ quiet: true, heard: 1 })
    await bench.run('command')
    expect(bench.results()).toEqual([
      'amplifier main skipped QUIET_HOURS',
      'sweep skipped QUIET_HOURS',
      'siren skipped QUIET_HOURS',
      'pilot skipped QUIET_HOURS',
      'sign gate ok',
      'broker ok',
      'clock ok',
    ])
    expect([bench.relay.log, bench.station.begun]).toEqual([[], []])
  })

  test('neither does it in mute', async () => {
    await using bench = openSelftest({ muted: true })
    await bench.run('command')
    expect(bench.results().slice(0, 2)).toEqual(['amplifier main skipped MUTED', 'sweep skipped MUTED'])
  })

  test('a technician is told, asked, and decides', async () => {
    await using silent = openSelftest({ quiet: true, answers: { ...YES, quiet: 'no' } })
    await silent.run('technician')
    expect(silent.told[0]).toEqual({ state: 'quiet-hours' })
    expect(silent.results()).toContain('sweep skipped QUIET_HOURS')
    await using loud = openSelftest({ quiet: true, answers: YES })
    await loud.run('technician')
    expect(loud.results()).toContain('sweep ok')
  })

  test('unattended at the device it sounds, and says that it is night', async () => {
    await using bench = openSelftest({ quiet: true })
    await bench.run('unattended')
    expect(bench.told[0]).toEqual({ state: 'quiet-hours' })
    expect(bench.results()).toContain('sweep ok')
  })
})
