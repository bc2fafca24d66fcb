import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { untilNextTurn } from '../../agent/core/health/phase.ts'
import type { AboutMessage, HeartbeatMessage, ReportedMessage } from '../../agent/core/upstream.ts'
import { Reporter, type ReporterOptions } from '../../agent/services/reporter.ts'
import { ManualClock, settled } from '../fakes/manual-clock.ts'
import { MemoryBroker, MemoryBus } from '../fakes/memory-bus.ts'
import { silentLogger } from '../fakes/silent-logger.ts'

const about = { v: 1, device: 'd-1' } as AboutMessage
const heartbeat = { state: 'idle', health: 'ok', problems: [] } as unknown as HeartbeatMessage
const topics = { about: 'about', reported: 'reported', heartbeat: 'heartbeat' }

let clock: ManualClock
let broker: MemoryBroker
let bus: MemoryBus
let reporter: Reporter
let held: { rev: number; interval: number; turns: number }
let stop: AbortController

const open = (more: Partial<ReporterOptions> = {}): Reporter =>
  new Reporter({
    bus,
    clock,
    logger: silentLogger,
    device: 'd-1',
    topics,
    about,
    reported: () => ({ revs: { 'vn/schedule': held.rev } }) as unknown as ReportedMessage,
    heartbeat: () => heartbeat,
    intervalSeconds: () => held.interval,
    onTurn: () => {
      held.turns += 1
    },
    ...more,
  })
const run = (which = reporter): void => void which.run(stop.signal)
const revs = (): number[] => broker.on('reported').map((payload) => JSON.parse(payload).revs['vn/schedule'])
const change = (rev: number): void => {
  held.rev = rev
  reporter.changed()
}

beforeEach(() => {
  clock = new ManualClock()
  broker = new MemoryBroker()
  bus = new MemoryBus({
    broker,
    handlers: {
      onConnect: () => undefined,
      onMessage: () => undefined,
      onDisconnect: () => undefined,
      onUnreachable: () => undefined,
      onOversize: () => undefined,
    },
  })
  held = { rev: 1, interval: 60, turns: 0 }
  stop = new AbortController()
  reporter = open()
  bus.connect()
})
afterEach(() => stop.abort())

describe('after each connection', () => {
  test('there go out one heartbeat, about and reported, as the contract has them', async () => {
    await reporter.announce()
    expect(broker.published.map(({ topic, qos, retain }) => [topic, qos, retain]).toSorted()).toEqual([
      ['about', 1, true],
      ['heartbeat', 0, false],
      ['reported', 1, true],
    ])
    await clock.advance(1000)
    bus.cut()
    bus.connect()
    await reporter.announce()
    expect([broker.on('about').length, broker.on('reported').length, broker.on('heartbeat').length]).toEqual([
      2, 2, 2,
    ])
    expect(broker.on('heartbeat').map((payload) => JSON.parse(payload).seq)).toEqual([1, 2])
  })

  test('what the broker does not let us say keeps nothing else back', async () => {
    bus.forbidden.add('about')
    await reporter.announce()
    expect([broker.on('reported').length, broker.on('heartbeat').length]).toEqual([1, 1])
  })

  test('a connection that follows at once still gets its reported, a second after the last', async () => {
    run()
    await reporter.announce()
    bus.cut()
    bus.connect()
    await reporter.announce()
    expect(revs()).toEqual([1])
    await clock.advance(1500)
    expect(revs()).toEqual([1, 1])
  })
})

describe('reported', () => {
  test('follows a change within two seconds, at most once a second', async () => {
    run()
    await reporter.announce()
    const sentAt: number[] = []
    broker.listeners.add((topic) => void (topic === 'reported' && sentAt.push(clock.mono())))
    const begun = clock.mono()
    for (let rev = 2; rev <= 41; rev += 1) {
      change(rev)
      await clock.advance(250)
    }
    await clock.advance(2000)
    expect(revs().at(-1)).toBe(41)
    expect((sentAt[0] ?? 0) - begun).toBeLessThanOrEqual(2000)
    expect(Math.min(...sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0)))).toBeGreaterThanOrEqual(
      1000,
    )
    expect(sentAt.length).toBeGreaterThanOrEqual(8)
  })

  test('is not repeated when nothing it tells has changed', async () => {
    run()
    await reporter.announce()
    for (let second = 0; second < 5; second += 1) {
      reporter.changed()
      await clock.advance(1000)
    }
    expect(revs()).toEqual([1])
  })

  test('is said again when the broker did not take it', async () => {
    run()
    bus.forbidden.add('reported')
    await reporter.announce()
    bus.forbidden.clear()
    await clock.advance(2000)
    expect(revs()).toEqual([1])
  })
})

describe('the heartbeat', () => {
  test('comes on the turn of the device, one each interval', async () => {
    run()
    await clock.advance(300_000)
    const turns = broker.on('heartbeat').map((payload) => Date.parse(JSON.parse(payload).at))
    expect(turns).toHaveLength(5)
    expect(turns.map((at) => untilNextTurn('d-1', 60_000, (at - 1) as never))).toEqual([1, 1, 1, 1, 1])
  })

  test('takes up another interval at once', async () => {
    held.interval = 3600
    run()
    await clock.advance(1000)
    held.interval = 10
    await clock.advance(11_000)
    expect(broker.on('heartbeat')).toHaveLength(1)
  })

  test('is not doubled by a clock that is set back a little', async () => {
    run()
    const first = untilNextTurn('d-1', 60_000, clock.wall())
    await clock.advance(first)
    clock.step(-20)
    await clock.advance(1000)
    expect(broker.on('heartbeat')).toHaveLength(1)
  })

  test('keeps coming while the broker owes an answer to reported, and so does the sign of life', async () => {
    run()
    await reporter.announce()
    change(2)
    const publish = bus.publish.bind(bus)
    bus.publish = (topic, ...rest) =>
      topic === 'reported' ? new Promise(() => undefined) : publish(topic, ...rest)
    for (let second = 0; second < 120; second += 1) {
      await clock.advance(1000)
      await settled()
    }
    expect(broker.on('heartbeat').length).toBeGreaterThanOrEqual(3)
    expect(held.turns).toBeGreaterThanOrEqual(120)
  })

  test('says nothing without a connection, and its numbers have no hole for that', async () => {
    run()
    await clock.advance(120_000)
    bus.cut()
    await clock.advance(120_000)
    bus.connect()
    await clock.advance(60_000)
    expect(broker.on('heartbeat').map((payload) => JSON.parse(payload).seq)).toEqual([1, 2, 3])
  })
})
