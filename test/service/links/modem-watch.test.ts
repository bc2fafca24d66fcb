import { expect, test } from 'vitest'
import { LoaError } from '../../../agent/core/error.ts'
import type { ModemReading } from '../../../agent/core/link/modem.ts'
import { ModemWatch } from '../../../agent/services/modem-watch.ts'
import { openBench } from './bench.ts'

const MODEM: ModemReading = {
  model: 'EC25',
  state: 'connected',
  sim: 'ok',
  operator: 'Viettel',
  roaming: false,
  devices: ['wwan0'],
}

type Answer = readonly ModemReading[] | undefined

const open = (first: Answer) => {
  const bench = openBench()
  const asked = { times: 0, answer: (): Promise<Answer> => Promise.resolve(first) }
  const watch = new ModemWatch({
    clock: bench.clock,
    modems: {
      restart: () => Promise.reject(new Error('it is only looked at')),
      read: () => {
        asked.times += 1
        return asked.answer()
      },
    },
    condition: () => bench.condition,
    stop: bench.stop.signal,
  })
  const live = (seconds: number) => bench.live(seconds, watch)
  return { ...bench, asked, watch, live }
}

test('a modem that is well is shown and no problem, and its network device is known', async () => {
  const { watch, live, condition } = open([MODEM])
  await live(2)
  expect(watch.modem).toEqual(MODEM)
  expect([watch.owns('wwan0'), watch.owns('eth0')]).toEqual([true, false])
  expect(condition.problems).toEqual([])
})

test('without ModemManager, or with one that has no modem, nothing is the matter', async () => {
  for (const answer of [undefined, []]) {
    const { watch, live, told, asked } = open(answer)
    await live(1200)
    expect([watch.modem, told()]).toEqual([undefined, []])
    expect(asked.times).toBeLessThanOrEqual(answer === undefined ? 2 : 20)
  }
})

test.each([
  ['missing', 'there is no SIM'],
  ['locked', 'PIN'],
  ['failed', 'failed'],
] as const)('a SIM that is %s is a problem that stands, and one event', async (sim, words) => {
  const { live, condition, told } = open([{ ...MODEM, sim }])
  await live(300)
  expect(condition.problems).toEqual([{ code: 'MODEM', detail: expect.stringContaining(words) }])
  expect(told()).toEqual(['MODEM warning fault'])
})

test('a modem that vanishes for good is one event, and another one when it is back', async () => {
  const { asked, live, condition, told, watch } = open([MODEM])
  await live(2)
  asked.answer = () => Promise.resolve([])
  await live(300)
  expect([condition.problems, watch.modem]).toEqual([
    [{ code: 'MODEM', detail: 'the modem is gone' }],
    undefined,
  ])
  asked.answer = () => Promise.resolve([MODEM])
  await live(120)
  expect(condition.problems).toEqual([])
  expect(told()).toEqual(['MODEM warning fault', 'MODEM info ok'])
})

test('a modem that resets itself, and a look that fails once, are nothing', async () => {
  const { asked, live, told, watch } = open([MODEM])
  await live(2)
  for (const bad of [
    () => Promise.resolve([]),
    () => Promise.reject(new LoaError('MODEM', 'mmcli says what is no JSON')),
  ]) {
    asked.answer = async () => {
      asked.answer = () => Promise.resolve([MODEM])
      return bad()
    }
    await live(120)
    expect(watch.modem).toEqual(MODEM)
  }
  expect(told()).toEqual([])
})

test('a bus that hangs is asked once at a time, and told once', async () => {
  const { asked, live, told, clock, condition } = open([MODEM])
  await live(2)
  const fault = new LoaError('MODEM', 'ModemManager does not answer within 8 s')
  asked.answer = () => clock.sleep(8000, new AbortController().signal).then(() => Promise.reject(fault))
  const before = asked.times
  await live(600)
  expect(asked.times - before).toBeLessThanOrEqual(12)
  expect(condition.problems).toEqual([{ code: 'MODEM', detail: fault.message }])
  expect(told()).toEqual(['MODEM warning fault'])
})

test('an agent that stops says nothing of a modem any more, and asks nobody', async () => {
  const { asked, live, told, stop } = open([MODEM])
  await live(2)
  asked.answer = () => Promise.reject(new LoaError('MODEM', 'aborted'))
  await live(70)
  stop.abort()
  const before = asked.times
  await live(300)
  expect([asked.times, told()]).toEqual([before, []])
})

test('a look that never ends holds nobody up', async () => {
  const { asked, live, told } = open(undefined)
  asked.answer = () => new Promise(() => undefined)
  await live(3600)
  expect([asked.times, told()]).toEqual([1, []])
})
