import { expect, test } from 'vitest'
import { until } from '../../fakes/until.ts'
import { BrokenLine } from '../../rig/broken-line.ts'
import { startMosquitto } from '../../rig/mosquitto.ts'
import { openBus, owned } from './bus-bench.ts'

const HOUR_MS = 3_600_000

test('over a new way a connection that died with the old one is given up within seconds, not at its keep-alive', async () => {
  const broker = owned(await startMosquitto())
  const line = owned(await BrokenLine.open(broker.port))
  const { bus, lost, connected } = openBus([line.url], { keepAliveSeconds: 3600, proveWithinMs: 1000 })
  await until('connected', () => bus.connected)
  line.break({ kind: 'silent' })
  bus.newWay()
  await until('given up', () => lost.length === 1)
  expect(lost).toEqual([expect.stringContaining('another way')])
  line.mend()
  line.cut()
  await until('connected again', () => connected.length === 2)
})

test('over a new way a connection that lives is kept', async () => {
  const broker = owned(await startMosquitto())
  const { bus, lost, connected } = openBus([broker.url], { keepAliveSeconds: 3600, proveWithinMs: 300 })
  await until('connected', () => bus.connected)
  const begun = performance.now()
  for (let turn = 0; turn < 5; turn += 1) bus.newWay()
  await until('the time to prove it is over', () => performance.now() - begun > 700)
  expect([lost, connected.length]).toEqual([[], 1])
})

test('who waits for the next try tries at once when there is a new way, but not for every twitch of a loose plug', async () => {
  const broker = owned(await startMosquitto())
  const line = owned(await BrokenLine.open(broker.port))
  line.break({ kind: 'refuse' })
  const { bus, unreachable } = openBus([line.url], { untilNextTry: () => HOUR_MS })
  await until('the first try failed', () => unreachable.length === 1)
  bus.newWay()
  await until('the second try failed', () => unreachable.length === 2)
  for (let turn = 0; turn < 20; turn += 1) bus.newWay()
  const begun = performance.now()
  await until('half a second has passed', () => performance.now() - begun > 500)
  expect(line.made).toBe(2)
})
