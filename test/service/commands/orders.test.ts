import { gunzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import { readTar } from '../../../agent/core/bundle/tar.ts'
import type { CommandOp } from '../../../agent/core/documents.ts'
import type { SelftestProgress } from '../../../agent/core/selftest/progress.ts'
import type { SelftestStep, SignedReport } from '../../../agent/core/selftest/report.ts'
import { at, news, notice, SHA } from '../dispatch/station.ts'
import { openOrders } from './order-bench.ts'

const file = (sha256 = SHA) =>
  ({ audio: { sha256, bytes: 1000, format: 'mp3', seconds: 10, urls: [] } }) as const
const play = (more: Partial<Extract<CommandOp, { op: 'play' }>['args']> = {}): CommandOp => ({
  op: 'play',
  args: { parts: [file()], ...more },
})
const quiet = [{ from: '00:00', to: '00:00' }]

describe('play', () => {
  test('sounds as an item of the moment of the order, under cap and master', async () => {
    const { station, obey, words, last, rest } = openOrders()
    station.policy = { ...station.policy, volume: [{ from: '00:00', to: '00:00', max: 40 }] }
    obey('c', play({ volume: 90 }))
    await rest(15)
    expect(words('c')).toEqual(['accepted', 'started', 'done'])
    expect(last('c')?.data).toEqual({ result: 'completed', playedSeconds: 10 })
    expect(station.record('c')).toMatchObject({
      document: 'command',
      rev: 0,
      tier: 'commune',
      planned: at(0),
      volume: 40,
    })
  })

  test.each(['normal', 'emergency'] as const)('of class %s obeys quiet hours', async (programmeClass) => {
    const { station, obey, words, rest } = openOrders()
    station.policy = { ...station.policy, quietHours: quiet }
    station.agent.dispatcher.reconsider()
    obey('c', play({ class: programmeClass }))
    await rest()
    expect(words('c')).toEqual(['accepted', 'failed QUIET_HOURS'])
    expect(station.outcomes).toEqual(['c: skipped QUIET_HOURS'])
  })

  test('waits for what plays, and cuts what is of a lower class', async () => {
    const { station, obey, rest } = openOrders()
    station.publish([news('morning', at(1), 30)])
    await rest(5)
    obey('after', play())
    obey('at once', play({ class: 'priority' }))
    await rest(60)
    expect(station.outcomes).toEqual(['at once: completed', 'morning: completed', 'after: completed'])
    expect(station.record('morning').cuts).toBe(1)
  })

  test('awaits its file for a minute', async () => {
    const { station, obey, words, rest } = openOrders()
    const [comes, never] = ['cd'.repeat(32), 'ef'.repeat(32)]
    obey('comes', play({ parts: [file(comes)] }))
    obey('never', play({ parts: [file(never)] }))
    await rest(30)
    station.media.set(comes, {
      state: 'ready',
      measured: { seconds: 10, integratedLufs: -16, truePeakDb: -1 },
    })
    station.agent.dispatcher.reconsider()
    await rest(40)
    expect([words('comes'), words('never')]).toEqual([
      ['accepted', 'started', 'done'],
      ['accepted', 'failed NO_MEDIA'],
    ])
  })
})

describe('stop', () => {
  test('ends what plays and what waits, and leaves what is still to come', async () => {
    const { station, obey, words, last, rest } = openOrders()
    station.publish([news('morning', at(1), 60), news('waiting', at(5), 10), news('coming', at(12), 5)])
    await rest(10)
    obey('stop', { op: 'stop' })
    await rest(30)
    expect([words('stop'), last('stop')?.data]).toEqual([['accepted', 'done'], { stopped: 2 }])
    expect(station.outcomes).toEqual([
      'waiting: skipped CANCELLED',
      'morning: partial STOPPED',
      'coming: completed',
    ])
  })
})

describe('mute', () => {
  test('is done when every relay is known to be open', async () => {
    const { obey, words, rest } = openOrders()
    obey('mute', { op: 'mute' })
    await rest()
    obey('play', play())
    await rest()
    obey('unmute', { op: 'unmute' })
    await rest()
    expect([words('mute'), words('play'), words('unmute')]).toEqual([
      ['accepted', 'done'],
      ['accepted', 'failed MUTED'],
      ['accepted', 'done'],
    ])
  })

  test('has failed, though it holds, when a relay is not open within a second', async () => {
    const { station, obey, last, rest, relays } = openOrders()
    relays.main = 'stuck'
    obey('mute', { op: 'mute' })
    await rest(2)
    expect(last('mute')).toMatchObject({
      status: 'failed',
      code: 'AMPLIFIER',
      data: { amplifiers: { main: 'stuck' } },
    })
    expect(station.agent.play.muted).toBe(true)
  })
})

describe('sign', () => {
  const pages = [{ text: 'Họp thôn', mode: 'still', seconds: 4 }] as const

  test('shows its pages for one turn when nothing else is said, in mute and quiet hours too, with a record', async () => {
    const { station, obey, words, rest } = openOrders()
    station.policy = { ...station.policy, quietHours: quiet }
    station.agent.dispatcher.reconsider()
    obey('mute', { op: 'mute' })
    obey('sign', { op: 'sign', args: { pages } })
    await rest(2)
    expect([words('sign'), station.board.text]).toEqual([['accepted', 'done'], 'Họp thôn'])
    await rest(4)
    expect(station.board.text).toBe('')
    expect(station.record('sign')).toMatchObject({ document: 'command', result: 'completed', frames: 0 })
  })

  test('sign-clear takes off what orders and schedules put there', async () => {
    const { station, obey, last, rest } = openOrders()
    station.publish([notice('market', at(1), 100)])
    obey('sign', { op: 'sign', args: { pages, seconds: 100 } })
    await rest(20)
    obey('clear', { op: 'sign-clear' })
    await rest()
    expect([last('clear')?.data, station.board.text]).toEqual([{ cleared: 2 }, ''])
    expect([...station.outcomes].sort()).toEqual(['market: partial STOPPED', 'sign: partial STOPPED'])
  })

  test('that this board lacks is a failure', async () => {
    const { obey, words, rest } = openOrders()
    obey('sign', { op: 'sign', args: { pages, signs: ['attic'] } })
    await rest()
    expect(words('sign')).toEqual(['accepted', 'failed SIGN'])
  })
})

describe('self-test', () => {
  const step = (
    kind: SelftestStep['step'],
    result: SelftestStep['result'],
    more: Partial<SelftestStep> = {},
  ): SelftestStep => ({ step: kind, result, facts: {}, ...more })
  const reporting = (steps: readonly SelftestStep[], more: Partial<SignedReport> = {}) =>
    async function* (): AsyncIterable<SelftestProgress> {
      yield { state: 'begins', step: 'clock' }
      const report: SignedReport = {
        v: 1,
        device: 'd-1',
        province: '75',
        commune: '26068',
        board: 'bench',
        agent: '0.1.0',
        at: at(0),
        by: 'command',
        steps,
        answers: [],
        ok: steps.every(({ result }) => result !== 'problem'),
        unsigned: 'no key',
        ...more,
      }
      yield { state: 'ended', report }
    }

  test('answers started, then done with what was found', async () => {
    const { obey, words, last, rest } = openOrders(
      reporting([
        step('amplifier', 'ok', { id: 'main', facts: { readBack: true } }),
        step('amplifier', 'ok', { id: 'attic', facts: { readBack: false } }),
        step('sweep', 'ok'),
        step('pilot', 'ok', { facts: { heard: 0.9 } }),
        step('sign', 'ok', { id: 'gate' }),
        step('broker', 'ok', { facts: { ackMs: 2, seenMs: 3.5 } }),
        step('clock', 'ok', { facts: { state: 'synced' } }),
      ]),
    )
    obey('test', { op: 'self-test' })
    await rest()
    expect(words('test')).toEqual(['accepted', 'started', 'done'])
    expect(last('test')?.data).toEqual({
      sound: 'ok',
      amplifiers: { main: 'ok', attic: 'no read-back' },
      signs: { gate: 'ok' },
      heard: 0.9,
      brokerMs: 3.5,
      clock: 'synced',
    })
  })

  test('names what is wrong, and what was left out at night', async () => {
    const { obey, last, rest } = openOrders(
      reporting([
        step('amplifier', 'skipped', { id: 'main', code: 'QUIET_HOURS' }),
        step('sweep', 'skipped', { code: 'QUIET_HOURS' }),
        step('sign', 'problem', { id: 'gate', code: 'SIGN' }),
      ]),
    )
    obey('test', { op: 'self-test' })
    await rest()
    expect(last('test')).toMatchObject({
      status: 'failed',
      code: 'SIGN',
      data: {
        sound: 'not tried',
        amplifiers: { main: 'not tried' },
        signs: { gate: 'fault' },
        relaysKeptOpen: 'QUIET_HOURS',
      },
    })
  })

  test('that was cut has failed with what cut it', async () => {
    const cut = { code: 'PREEMPTED', item: 'flood' } as const
    const { obey, last, rest } = openOrders(reporting([step('sweep', 'ok')], { ok: false, cut }))
    obey('test', { op: 'self-test' })
    await rest()
    expect(last('test')).toMatchObject({ status: 'failed', code: 'PREEMPTED', data: { cut } })
  })

  test('is not started over a broadcast, and says when to come back', async () => {
    const { obey, words, last, rest } = openOrders(async function* () {
      yield { state: 'refused', why: 'playing', item: 'news', until: at(600) }
    })
    obey('test', { op: 'self-test' })
    await rest()
    expect(words('test')).toEqual(['accepted', 'failed BUSY'])
    expect(last('test')?.data).toEqual({ why: 'playing', item: 'news', until: at(600) })
  })
})

test('what cannot be done fails with its code', async () => {
  const { obey, words, rest } = openOrders()
  obey('reboot', { op: 'reboot' })
  obey('amplifier', { op: 'amplifier', args: { id: 'attic', on: true } })
  await rest()
  expect([words('reboot'), words('amplifier')]).toEqual([
    ['accepted', 'failed UNSUPPORTED'],
    ['accepted', 'failed INVALID'],
  ])
})

test('a bundle comes in the reply, small whatever it holds, and one a minute', async () => {
  const { obey, last, words, rest } = openOrders()
  obey('bundle', { op: 'bundle' })
  await vi.waitFor(() => expect(words('bundle')).toEqual(['accepted', 'started', 'done']), 5000)
  const made = last('bundle')?.data ?? {}
  const { content, bytes, cut } = made as { content: string; bytes: number; cut: object[] }
  expect(content.length).toBeLessThan(262_145)
  expect(cut).toEqual([{ part: 'log.jsonl', lines: expect.any(Number) }])
  const packed = Buffer.from(content, 'base64')
  expect(packed.length).toBe(bytes)
  const files = [...readTar(gunzipSync(packed))].map(({ name }) => name.split('/')[1])
  expect(files).toEqual(['manifest.json', 'status.json', 'log.jsonl'])
  obey('again', { op: 'bundle' })
  await rest()
  expect(words('again')).toEqual(['accepted', 'failed TOO_MANY'])
})
