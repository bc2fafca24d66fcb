import { expect, test } from 'vitest'
import { LoaError } from '../../../agent/core/error.ts'
import type { Way } from '../../../agent/core/link/way.ts'
import { ModemRestart } from '../../../agent/services/modem-restart.ts'
import { openBench } from './bench.ts'

const MINUTES = 60

const open = (bearer: Way['bearer'] = 'cellular') => {
  const bench = openBench()
  const restartedAt: number[] = []
  const now = { connected: false, hasModem: true, bearer, failure: undefined as Error | undefined }
  const restart = new ModemRestart({
    clock: bench.clock,
    modems: {
      restart: () => {
        restartedAt.push(Math.round(bench.clock.mono() / 60_000))
        return now.failure === undefined ? Promise.resolve() : Promise.reject(now.failure)
      },
    },
    hasModem: () => now.hasModem,
    way: () => ({ bearer: now.bearer, metered: now.bearer === 'cellular' }),
    connected: () => now.connected,
    condition: () => bench.condition,
    stop: bench.stop.signal,
  })
  const live = (minutes: number) => bench.live(minutes * MINUTES, restart)
  return { ...bench, now, restart, restartedAt, live }
}

test('a modem that carries nothing to a broker is started anew after ten minutes, then ever more rarely', async () => {
  const { live, restartedAt } = open()
  await live(24 * 60)
  const [first = 0] = restartedAt
  const waits = restartedAt.map((at, index) => at - (restartedAt[index - 1] ?? first - 10))
  expect(waits).toEqual([10, 20, 40, 80, 160, 320, 360, 360])
})

test('each start is one event that counts it, with what went wrong', async () => {
  const { live, now, events } = open()
  await live(11)
  now.failure = new LoaError('MODEM', 'mmcli: not authorized')
  await live(20)
  expect(events.map(({ code, severity, data }) => ({ code, severity, ...data }))).toEqual([
    { code: 'MODEM', severity: 'info', source: 'restart', restarts: 1 },
    { code: 'MODEM', severity: 'warning', source: 'restart', restarts: 2, message: 'mmcli: not authorized' },
  ])
})

test('a broker that is reached begins the count anew', async () => {
  const { live, now, restartedAt, restart } = open()
  await live(31)
  expect(restart.restarts).toBe(2)
  now.connected = true
  await live(1)
  expect(restart.restarts).toBe(0)
  now.connected = false
  await live(9)
  expect(restartedAt).toHaveLength(2)
  await live(2)
  expect(restartedAt).toHaveLength(3)
})

test.each([
  ['ethernet carries the way out', { bearer: 'ethernet' }],
  ['Wi-Fi does', { bearer: 'wifi' }],
  ['there is no modem', { hasModem: false }],
  ['a broker is connected', { connected: true }],
] as const)('nothing is started anew where %s', async (_, changes) => {
  const { live, now, restartedAt } = open()
  Object.assign(now, changes)
  await live(120)
  expect(restartedAt).toEqual([])
})

test('a modem that took the way out with it is started anew too', async () => {
  const { live, restartedAt } = open('none')
  await live(11)
  expect(restartedAt).toHaveLength(1)
})
