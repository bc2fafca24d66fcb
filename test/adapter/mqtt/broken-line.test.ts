import { expect, test } from 'vitest'
import { CONNECT, PUBLISH, SUBSCRIBE } from '../../fakes/scripted-broker.ts'
import { until } from '../../fakes/until.ts'
import { BrokenLine } from '../../rig/broken-line.ts'
import type { LineFault } from '../../rig/line-fault.ts'
import { startMosquitto } from '../../rig/mosquitto.ts'
import { openBus, owned } from './bus-bench.ts'

const [CONNACK, PUBACK, SUBACK] = [2, 4, 9]

const PROTOCOLS = [5, 4] as const

const cut = (packet: number, way: 'up' | 'down'): LineFault => ({ kind: 'cut', packet, way })

test.each(PROTOCOLS)(
  'over protocol %d every packet of a session may be cut in two: the next connection does the same work',
  async (protocol) => {
    const broker = owned(await startMosquitto())
    const line = owned(await BrokenLine.open(broker.port))
    line.break(cut(CONNECT, 'up'))
    const { bus, connected, messages } = openBus([line.url], { account: { clientId: 'd-1', protocol } })
    await until('CONNECT was cut', () => line.cuts === 1)
    line.break(cut(CONNACK, 'down'))
    await until('CONNACK was cut', () => line.cuts === 2)
    await until('connected', () => bus.connected)

    /** Tries until it is through, as session and pump do after each reconnection. */
    const insist = async (what: () => Promise<unknown>): Promise<number> => {
      for (let failures = 0; ; failures += 1) {
        await until('connected', () => bus.connected)
        const error = await what().then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        if (error === undefined) return failures
        expect(error).toMatchObject({ code: 'BROKER' })
      }
    }
    const subscribe = () => bus.subscribe(['t/down'], 'send')
    const publish = () => bus.publish('t/down', 'x', { qos: 1, retain: false })
    for (const [packet, way, work] of [
      [SUBSCRIBE, 'up', subscribe],
      [SUBACK, 'down', subscribe],
      [PUBLISH, 'up', publish],
      [PUBACK, 'down', publish],
    ] as const) {
      const before = line.cuts
      line.break(cut(packet, way))
      expect(await insist(work)).toBe(1)
      expect(line.cuts).toBe(before + 1)
    }
    await insist(subscribe)
    await insist(publish)
    await until('the message', () => messages.length > 0)
    expect([line.cuts, connected.length]).toEqual([6, 5])
  },
)

test('a line of 2 kB a second, and one that is late, are slow and nothing else', async () => {
  const broker = owned(await startMosquitto())
  const line = owned(await BrokenLine.open(broker.port))
  const { bus, messages, connected } = openBus([line.url])
  await until('connected', () => bus.connected)
  await bus.subscribe(['t/down'], 'send')
  line.break({ kind: 'slow', bytesPerSecond: 2000 })
  const begun = performance.now()
  await bus.publish('t/down', 'x'.repeat(3000), { qos: 1, retain: false })
  await until('the message', () => messages.length === 1)
  expect(performance.now() - begun).toBeGreaterThan(2500)
  line.break({ kind: 'late', ms: 300 })
  await bus.publish('t/down', 'y', { qos: 1, retain: false })
  await until('the other message', () => messages.length === 2)
  expect(connected).toHaveLength(1)
})

test('a half-open line is given up after its keep-alive, what waits is rejected, and the next one works', async () => {
  const broker = owned(await startMosquitto())
  const line = owned(await BrokenLine.open(broker.port))
  const { bus, lost, connected } = openBus([line.url], { keepAliveSeconds: 1 })
  await until('connected', () => bus.connected)
  line.break({ kind: 'silent' })
  await expect(bus.publish('t', 'x', { qos: 1, retain: false })).rejects.toMatchObject({ code: 'BROKER' })
  expect(lost).toEqual([expect.stringContaining('Keepalive timeout')])
  line.mend()
  // A new connection that was begun in the silence is still waiting for its answer.
  line.cut()
  await until('connected again', () => connected.length === 2)
  await bus.publish('t', 'x', { qos: 1, retain: false })
})
