import { describe, expect, test } from 'vitest'
import { createSystemClock } from '../../../agent/adapters/system/clock.ts'
import { monoMs } from '../../../agent/core/time.ts'
import {
  bodyOf,
  CONNECT,
  PINGREQ,
  PUBLISH,
  type ScriptedBroker,
  SUBSCRIBE,
  startScriptedBroker,
  suback,
  topicsIn,
} from '../../fakes/scripted-broker.ts'
import { until } from '../../fakes/until.ts'
import { openBus, owned } from './bus-bench.ts'

const NOTHING = Buffer.alloc(0)
const brokerFault = (text: string) =>
  expect.objectContaining({ code: 'BROKER', message: expect.stringContaining(text) })

const open = async (
  script: Parameters<typeof startScriptedBroker>[0],
): Promise<{ broker: ScriptedBroker } & ReturnType<typeof openBus>> => {
  const broker = owned(await startScriptedBroker(script))
  return { broker, ...openBus([broker.url]) }
}

describe('a broker that', () => {
  test('refuses the connection is tried again, and the reason is told once', async () => {
    const { broker, bus, warnings, connected } = await open(({ type }) =>
      type === CONNECT ? Buffer.from([0x20, 3, 0, 0x87, 0]) : undefined,
    )
    await until('four tries', () => broker.connections() >= 4)
    expect([bus.connected, connected]).toEqual([false, []])
    expect(warnings).toEqual([expect.stringContaining('Not authorized')])
  })

  test('refuses one topic of three has only this one listed as refused', async () => {
    const { bus } = await open(({ type, bytes }) =>
      type === SUBSCRIBE ? suback(bodyOf(bytes), [1, 0x87, 0]) : undefined,
    )
    await until('connected', () => bus.connected)
    expect(await bus.subscribe(['a', 'b', 'c'], 'send')).toEqual(['b'])
    expect(bus.connected).toBe(true)
  })

  test('refuses a message gets it rejected and stays connected', async () => {
    const { bus } = await open(({ type, bytes }) => {
      if (type !== PUBLISH) return undefined
      const [high = 0, low = 0] = bodyOf(bytes).subarray(3)
      return Buffer.from([0x40, 3, high, low, 0x87])
    })
    await until('connected', () => bus.connected)
    await expect(bus.publish('t', 'x', { qos: 1, retain: false })).rejects.toThrow(
      brokerFault('Not authorized'),
    )
    expect(bus.connected).toBe(true)
  })

  test('asks for retained messages by the letter: 0 at first, 1 on a reconnection', async () => {
    const options: number[] = []
    const { bus } = await open(({ type, bytes }) => {
      if (type === SUBSCRIBE) options.push(bytes.at(-1) ?? 0)
      return undefined
    })
    await until('connected', () => bus.connected)
    await bus.subscribe(['a'], 'send')
    await bus.subscribe(['a'], 'if-new')
    expect(options.map((option) => ({ qos: option & 3, retainHandling: option >> 4 }))).toEqual([
      { qos: 1, retainHandling: 0 },
      { qos: 1, retainHandling: 1 },
    ])
  })

  test.each([
    ['sends a length of five bytes', [0x30, 0x80, 0x80, 0x80, 0x80, 1], 'malformed'],
    ['sends a packet that is none', [0x00, 0], ''],
    ['answers what nobody asked', [0x20, 3, 0, 0, 0], 'CONNACK'],
    ['announces a large packet without a topic', [0x90, 0xff, 0xff, 0xff, 0x7f], '268435460 bytes'],
  ])('%s loses the connection and is tried again', async (_what, bytes, reason) => {
    const { broker, bus, lost, connected, oversized } = await open(() => undefined)
    await until('connected', () => bus.connected)
    broker.say(bytes)
    await until('connected again', () => connected.length === 2)
    expect(lost).toEqual([expect.stringContaining(reason)])
    expect(oversized).toEqual([])
  })

  test('says what it wants to nobody: messages on other topics are handed on, no more', async () => {
    const { broker, bus, messages } = await open(() => undefined)
    await until('connected', () => bus.connected)
    broker.say([0x30, 5, 0, 1, 0x7a, 0, 0x78])
    await until('a message', () => messages.length === 1)
    expect([messages[0]?.topic, bus.connected]).toEqual(['z', true])
  })

  test('announces 200 MB on a topic is left before any of it is taken in, and asked for a new session', async () => {
    const cleanStarts: boolean[] = []
    const { broker, bus, oversized, connected } = await open(({ type, bytes }) => {
      if (type === CONNECT) cleanStarts.push(((bodyOf(bytes)[7] ?? 0) & 2) !== 0)
      return undefined
    })
    await until('connected', () => bus.connected)
    broker.say([0x30, 0x80, 0x84, 0xaf, 0x5f, 0, 3, ...Buffer.from('a/b'), 0])
    await until('connected again', () => connected.length === 2)
    expect(oversized).toEqual([{ topic: 'a/b', bytes: 200_000_005 }])
    expect(cleanStarts).toEqual([true, true])
    broker.say([0xe0, 2, 0, 0])
    await until('connected a third time', () => connected.length === 3)
    expect(cleanStarts).toEqual([true, true, false])
  })

  test.each([
    ['closes after a good while is returned to as after a first loss', 0x8b, true],
    ['gives our place to a twin is not fought for, however long it held with us', 0x8e, false],
  ])('%s', async (_what, reasonCode, anew) => {
    const broker = owned(await startScriptedBroker(() => undefined))
    const waits: number[] = []
    const system = createSystemClock()
    let passed = 0
    const { bus, connected } = openBus([broker.url], {
      clock: { ...system, mono: () => monoMs(system.mono() + passed) },
      untilNextTry: (sinceLossMs) => {
        waits.push(sinceLossMs)
        return 30
      },
    })
    for (const times of [1, 2]) {
      await until('connected', () => connected.length === times && bus.connected)
      passed += 60_000
      broker.say([0xe0, 2, reasonCode, 0])
    }
    await until('two waits', () => waits.length >= 2)
    expect((waits[1] ?? 0) < 10_000).toBe(anew)
  })

  test('gives our place to a twin has no other broker tried before the wait (T06)', async () => {
    const [first, second] = [
      owned(await startScriptedBroker(() => undefined)),
      owned(await startScriptedBroker(() => undefined)),
    ]
    const tries: number[] = []
    const { bus, endings, connected } = openBus([first.url, second.url], {
      untilNextTry: () => {
        tries.push(second.connections())
        return 30
      },
    })
    await until('connected', () => bus.connected)
    first.say([0xe0, 2, 0x8e, 0])
    await until('connected again', () => connected.length === 2)
    expect([endings, tries]).toEqual([['taken'], [0]])
    expect(connected.map(({ url }) => url)).toEqual([first.url, first.url])
  })

  test('takes the connection and then says nothing cannot hold up an orderly stop', async () => {
    const { bus } = await open(({ type }) => (type === PUBLISH ? NOTHING : undefined))
    await until('connected', () => bus.connected)
    const goodbye = bus
      .publish('t/state', 'offline', { qos: 1, retain: true })
      .catch((error: unknown) => error)
    const begun = performance.now()
    await bus[Symbol.asyncDispose]()
    expect(performance.now() - begun).toBeLessThan(2000)
    expect(await goodbye).toEqual(brokerFault(''))
  })

  test('never answers CONNECT cannot hold up an orderly stop either', async () => {
    const { broker, bus } = await open(() => NOTHING)
    await until('CONNECT', () => broker.received.includes(CONNECT))
    const begun = performance.now()
    await bus[Symbol.asyncDispose]()
    expect(performance.now() - begun).toBeLessThan(1000)
  })

  test('sends a large document slowly is given the time, and hears that we live', async () => {
    const broker = owned(await startScriptedBroker(({ type }) => (type === PINGREQ ? NOTHING : undefined)))
    const { bus, messages, connected } = openBus([broker.url], { keepAliveSeconds: 1 })
    await until('connected', () => bus.connected)
    const payload = 40
    broker.say([0x30, 3 + 1 + payload, 0, 1, 0x7a, 0])
    // Each piece alone is well within the keep-alive; together they take three times as long as it allows.
    for (let sent = 0; sent < payload; sent += 1) {
      await new Promise((resolve) => setTimeout(resolve, 75))
      broker.say([0x78])
    }
    await until('the document', () => messages.length === 1)
    expect(connected).toHaveLength(1)
    expect(broker.received.filter((type) => type === PINGREQ).length).toBeGreaterThanOrEqual(5)
  })
})

test('the parts of a SUBSCRIBE are read as the agent sends them', async () => {
  const asked: (readonly string[])[] = []
  const { bus } = await open(({ type, bytes }) => {
    if (type === SUBSCRIBE) asked.push(topicsIn(bodyOf(bytes)))
    return undefined
  })
  await until('connected', () => bus.connected)
  await bus.subscribe(['loa/v1/area/vn/trust', 'loa/v1/area/75/trust'], 'send')
  expect(asked).toEqual([['loa/v1/area/vn/trust', 'loa/v1/area/75/trust']])
})
