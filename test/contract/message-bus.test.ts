import { connectAsync } from 'mqtt'
import { afterEach, describe, expect, test } from 'vitest'
import { MqttBus } from '../../agent/adapters/mqtt/mqtt-bus.ts'
import { createSystemClock } from '../../agent/adapters/system/clock.ts'
import type { BusMessage, MessageBus } from '../../agent/ports/message-bus.ts'
import { MemoryBroker, MemoryBus } from '../fakes/memory-bus.ts'
import { silentLogger } from '../fakes/silent-logger.ts'
import { until } from '../fakes/until.ts'
import { BrokenLine } from '../rig/broken-line.ts'
import { type Mosquitto, startMosquitto } from '../rig/mosquitto.ts'

const WILL = { topic: 't/state', payload: 'lost', delaySeconds: 0 }

/** A bus, its broker, and someone else at that broker. */
type Bench = {
  readonly bus: MessageBus
  readonly events: string[]
  readonly messages: BusMessage[]
  /** Payload of the message kept on a topic, if any. */
  readonly kept: (topic: string) => Promise<string | undefined>
  readonly put: (topic: string, payload: string, retain?: boolean) => Promise<void>
  /** The broker dies without a word and does not come back. */
  readonly kill: () => Promise<void>
  /** The broker stops answering; the connection stands. */
  readonly stun: () => void
  /** The line is cut and stands again at once. */
  readonly bounce: () => Promise<void>
  readonly close: () => Promise<void>
}

const opened: Bench[] = []
afterEach(async () => {
  for (const bench of opened.splice(0)) await bench.close()
})

const recorder = () => {
  const events: string[] = []
  const messages: BusMessage[] = []
  return {
    events,
    messages,
    handlers: {
      onConnect: ({ resumed }: { resumed: boolean }) => void events.push(resumed ? 'resumed' : 'new'),
      onMessage: (message: BusMessage) => void messages.push(message),
      onDisconnect: () => void events.push('lost'),
      onUnreachable: () => undefined,
      onOversize: () => undefined,
    },
  }
}

function openMemory(): Promise<Bench> {
  const record = recorder()
  const broker = new MemoryBroker()
  const bus = new MemoryBus({ broker, handlers: record.handlers, will: () => WILL, keepsSession: true })
  bus.connect()
  return Promise.resolve({
    ...record,
    bus,
    kept: (topic) => Promise.resolve(broker.retained.get(topic)),
    put: (topic, payload, retain = false) => Promise.resolve(broker.publish(topic, payload, { retain })),
    kill: () => Promise.resolve(bus.cut()),
    stun: () => {
      bus.hangs = true
    },
    bounce: () => {
      bus.cut()
      bus.connect()
      return Promise.resolve()
    },
    close: async () => await bus[Symbol.asyncDispose](),
  })
}

async function keptAt(broker: Mosquitto, topic: string): Promise<string | undefined> {
  const client = await connectAsync(broker.url)
  const found: string[] = []
  client.on('message', (_topic, payload) => found.push(payload.toString()))
  await client.subscribeAsync(topic)
  // What is kept comes before the answer to a message that is published afterwards.
  await client.subscribeAsync('t/end')
  await client.publishAsync('t/end', 'end')
  await until('the end', () => found.includes('end'))
  await client.endAsync()
  return found.find((payload) => payload !== 'end')
}

async function openMqtt(protocol: 4 | 5): Promise<Bench> {
  const record = recorder()
  const broker = await startMosquitto()
  const line = await BrokenLine.open(broker.port)
  const bus = new MqttBus({
    urls: [line.url],
    account: { clientId: 'd-1', protocol },
    will: () => WILL,
    untilNextTry: () => 50,
    contested: () => false,
    clock: createSystemClock(),
    logger: silentLogger,
    handlers: record.handlers,
  })
  bus.start()
  await until('connected', () => bus.connected)
  return {
    ...record,
    bus,
    kept: (topic) => keptAt(broker, topic),
    put: async (topic, payload, retain = false) => {
      const client = await connectAsync(broker.url)
      await client.publishAsync(topic, payload, { qos: 1, retain })
      await client.endAsync()
    },
    kill: () => broker.kill(),
    stun: () => void broker.kill('SIGSTOP'),
    bounce: async () => {
      const before = record.events.length
      line.cut()
      await until('connected again', () => record.events.length === before + 2)
    },
    close: async () => {
      await bus[Symbol.asyncDispose]()
      await line[Symbol.asyncDispose]()
      await broker.dispose()
    },
  }
}

const kinds = [
  { name: 'in memory', open: openMemory, sessions: true },
  { name: 'over MQTT 5', open: () => openMqtt(5), sessions: true },
  { name: 'over MQTT 3.1.1', open: () => openMqtt(4), sessions: false },
]

describe.each(kinds)('a message bus $name', ({ open: openBench, sessions }) => {
  const open = async (): Promise<Bench> => {
    const bench = await openBench()
    opened.push(bench)
    return bench
  }
  const brokerFault = expect.objectContaining({ code: 'BROKER' })

  test('is connected to a new session at first', async () => {
    const { bus, events } = await open()
    expect([bus.connected, events]).toEqual([true, ['new']])
  })

  test('brings what is published on the very topics that were asked for', async () => {
    const { bus, messages, put } = await open()
    expect(await bus.subscribe(['a/b', 'a/c'], 'send')).toEqual([])
    await put('a/d', 'not this')
    await put('a', 'nor this')
    await put('a/c', 'this')
    await until('a message', () => messages.length > 0)
    expect(messages).toEqual([{ topic: 'a/c', payload: Buffer.from('this'), retained: false }])
  })

  test('brings what is kept, marked as such, and again only when asked to', async () => {
    const { bus, messages, put } = await open()
    await put('a/b', 'kept', true)
    await bus.subscribe(['a/b'], 'if-new')
    await until('the kept message', () => messages.length === 1)
    expect(messages[0]).toMatchObject({ retained: true, payload: Buffer.from('kept') })
    await bus.subscribe(['a/b'], 'send')
    await until('the kept message again', () => messages.length === 2)
    if (!sessions) return
    await bus.subscribe(['a/b'], 'if-new')
    await put('a/b', 'later')
    await until('the later message', () => messages.length === 3)
    expect(messages[2]).toMatchObject({ retained: false, payload: Buffer.from('later') })
  })

  test('keeps at the broker what is published to be kept, and nothing else', async () => {
    const { bus, kept } = await open()
    await bus.publish('t/kept', 'yes', { qos: 1, retain: true, expirySeconds: 3600 })
    await bus.publish('t/passing', 'no', { qos: 0, retain: false, expirySeconds: 60 })
    expect([await kept('t/kept'), await kept('t/passing')]).toEqual(['yes', undefined])
  })

  test('rejects what waits for an answer when the connection ends, at once', async () => {
    const { bus, stun, kill } = await open()
    stun()
    const waiting = [
      bus.publish('t/a', 'a', { qos: 1, retain: false }),
      bus.publish('t/b', 'b', { qos: 1, retain: true }),
      bus.subscribe(['t/c'], 'send'),
    ].map((promise) => promise.catch((error: unknown) => error))
    await kill()
    expect(await Promise.all(waiting)).toEqual([brokerFault, brokerFault, brokerFault])
  })

  test('takes nothing while it is not connected, and queues nothing', async () => {
    const { bus, kill, events } = await open()
    await kill()
    await until('lost', () => events.includes('lost'))
    expect(bus.connected).toBe(false)
    await expect(bus.publish('t', 'x', { qos: 1, retain: false })).rejects.toThrow(brokerFault)
    await expect(bus.publish('t', 'x', { qos: 0, retain: false })).rejects.toThrow(brokerFault)
    await expect(bus.subscribe(['t'], 'send')).rejects.toThrow(brokerFault)
  })

  test('comes back by itself, to its old session where the broker keeps one', async () => {
    const { bus, events, messages, put, bounce } = await open()
    await bus.subscribe(['a/b'], 'send')
    await bounce()
    expect(events).toEqual(['new', 'lost', sessions ? 'resumed' : 'new'])
    if (!sessions) await bus.subscribe(['a/b'], 'if-new')
    await put('a/b', 'after')
    await until('a message', () => messages.length === 1)
  })

  test('leaves no will behind when it is disposed of, which may be done twice', async () => {
    const { bus, events, kept } = await open()
    await bus[Symbol.asyncDispose]()
    await bus[Symbol.asyncDispose]()
    expect([bus.connected, events, await kept('t/state')]).toEqual([false, ['new', 'lost'], undefined])
  })
})
