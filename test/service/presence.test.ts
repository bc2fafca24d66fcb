import { beforeEach, describe, expect, test } from 'vitest'
import type { Facts } from '../../agent/ports/state-store.ts'
import { Presence } from '../../agent/services/presence.ts'
import { ManualClock, settled } from '../fakes/manual-clock.ts'
import { MemoryBroker, MemoryBus } from '../fakes/memory-bus.ts'
import { memoryFacts } from '../fakes/memory-state-store.ts'
import { silentLogger } from '../fakes/silent-logger.ts'

const TOPIC = 'loa/v1/device/75/d-1/up/state'
const handlers = {
  onConnect: () => undefined,
  onMessage: () => undefined,
  onDisconnect: () => undefined,
  onUnreachable: () => undefined,
  onOversize: () => undefined,
}

let clock: ManualClock
let broker: MemoryBroker
let bus: MemoryBus
let facts: Facts

const start = (boot = 'b1'): Presence =>
  new Presence({
    clock,
    facts,
    logger: silentLogger,
    topic: TOPIC,
    boot,
    agent: '0.1.0',
    onForeignBirth: () => undefined,
  })
const connect = (presence: Presence): void => {
  presence.nextWill()
  bus.connect()
}
const said = () => broker.on(TOPIC).map((payload) => JSON.parse(payload))
const hear = (presence: Presence, text: string): void => presence.heard(new TextEncoder().encode(text), false)

beforeEach(() => {
  clock = new ManualClock()
  broker = new MemoryBroker()
  bus = new MemoryBus({ broker, handlers })
  facts = memoryFacts()
})

describe('birth, will and goodbye', () => {
  test('carry the boot nonce and the number of their connection, and are kept by the broker', async () => {
    const presence = start()
    const will = presence.nextWill()
    bus.connect()
    await presence.announce(bus)
    await presence.goodbye(bus)
    const common = { v: 1, boot: 'b1', connection: 1, agent: '0.1.0', at: '2026-11-22T03:00:00.000Z' }
    expect([will.topic, will.delaySeconds, JSON.parse(will.payload)]).toEqual([
      TOPIC,
      60,
      { ...common, state: 'lost' },
    ])
    expect(said()).toEqual([
      { ...common, state: 'online' },
      { ...common, state: 'offline' },
    ])
    expect(broker.published.every(({ qos, retain }) => qos === 1 && retain)).toBe(true)
  })

  test('number connections upwards over restarts of the agent', async () => {
    const first = start()
    connect(first)
    first.nextWill()
    const second = start('b2')
    expect(JSON.parse(second.nextWill().payload)).toMatchObject({ boot: 'b2', connection: 3 })
    await second.announce(bus)
    expect(said().at(-1)).toMatchObject({ connection: 3 })
  })

  test('do without the memory of the number when the disk is full', () => {
    facts.set = () => {
      throw new Error('disk full')
    }
    const presence = start()
    presence.nextWill()
    expect(JSON.parse(presence.nextWill().payload)).toMatchObject({ connection: 2 })
  })
})

describe('the birth', () => {
  test.each(['{"state":"lost"}', '', 'nonsense'])(
    'is said again when %j stands in its place',
    async (other) => {
      const presence = start()
      connect(presence)
      await presence.announce(bus)
      await clock.advance(1000)
      expect(presence.mustRepeat).toBe(false)
      hear(presence, other)
      expect(presence.mustRepeat).toBe(true)
    },
  )

  test('is said again once a second has passed when the other came sooner', async () => {
    const presence = start()
    connect(presence)
    await presence.announce(bus)
    await clock.advance(400)
    hear(presence, 'foreign')
    expect(presence.mustRepeat).toBe(false)
    await clock.advance(599)
    expect(presence.mustRepeat).toBe(false)
    await clock.advance(1)
    expect(presence.mustRepeat).toBe(true)
    await presence.announce(bus)
    await clock.advance(5000)
    expect(presence.mustRepeat).toBe(false)
  })

  test('rests when it was heard last', async () => {
    const presence = start()
    connect(presence)
    await presence.announce(bus)
    hear(presence, 'foreign')
    hear(presence, broker.retained.get(TOPIC) ?? '')
    await clock.advance(1000)
    expect(presence.mustRepeat).toBe(false)
  })

  test('of an earlier connection is not defended on the next one, before that has its own', async () => {
    const presence = start()
    connect(presence)
    await presence.announce(bus)
    const will = presence.nextWill()
    await clock.advance(1000)
    hear(presence, will.payload)
    expect(presence.mustRepeat).toBe(false)
  })
})

describe('the goodbye', () => {
  test('is the last word', async () => {
    const presence = start()
    connect(presence)
    await presence.announce(bus)
    await presence.goodbye(bus)
    await presence.announce(bus)
    hear(presence, 'foreign')
    await clock.advance(2000)
    expect(presence.mustRepeat).toBe(false)
    expect(said().map(({ state }) => state)).toEqual(['online', 'offline'])
  })

  test('waits no longer than a second for a broker that does not answer', async () => {
    const presence = start()
    connect(presence)
    bus.hangs = true
    const outcome = presence.goodbye(bus).catch((error: unknown) => error)
    await clock.advance(1000)
    expect(await outcome).toMatchObject({ code: 'BROKER' })
    bus.cut()
    await settled()
  })
})
