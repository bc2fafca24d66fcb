import { connectAsync } from 'mqtt'
import { describe, expect, test } from 'vitest'
import { createSystemClock } from '../../../agent/adapters/system/clock.ts'
import { monoMs } from '../../../agent/core/time.ts'
import { until } from '../../fakes/until.ts'
import { BrokenLine } from '../../rig/broken-line.ts'
import { startMosquitto } from '../../rig/mosquitto.ts'
import { openBus, owned } from './bus-bench.ts'

const PROTOCOLS = [5, 4] as const

describe('the way to the broker', () => {
  test('is not given up where the name cannot be resolved, and costs no will', async () => {
    let rounds = 0
    const { bus, warnings, connected, wills } = openBus(['mqtt://broker.invalid:1883'], {
      untilNextTry: () => {
        rounds += 1
        return 20
      },
    })
    await until('three tries', () => rounds >= 3)
    expect([bus.connected, connected, wills()]).toEqual([false, [], 0])
    expect(warnings).toEqual([expect.stringContaining('broker.invalid')])
  })

  test('is found as soon as the broker listens', async () => {
    const broker = owned(await startMosquitto())
    await broker.kill()
    const { bus, warnings } = openBus([`mqtt://localhost:${broker.port}`])
    await until('a refused try', () => warnings.length > 0)
    expect(warnings[0]).toContain('ECONNREFUSED')
    await broker.restart()
    await until('connected', () => bus.connected)
  })

  test('leads over the second URL where the first is dead, without waiting, and back again when that one dies', async () => {
    const [first, second] = [owned(await startMosquitto()), owned(await startMosquitto())]
    await first.kill()
    const waits: number[] = []
    const { bus, connected } = openBus([first.url, second.url], {
      untilNextTry: (sinceLossMs) => {
        waits.push(sinceLossMs)
        return 100
      },
    })
    await until('connected', () => bus.connected)
    expect([connected.map(({ url }) => url), waits]).toEqual([[second.url], []])
    await first.restart()
    await second.kill()
    await until('connected to the first', () => connected.length === 2)
    expect(connected[1]).toEqual({ url: first.url, resumed: false })
  })

  test('sticks to the broker that was connected last', async () => {
    const [first, second] = [owned(await startMosquitto()), owned(await startMosquitto())]
    const [firstLine, secondLine] = [
      owned(await BrokenLine.open(first.port)),
      owned(await BrokenLine.open(second.port)),
    ]
    await first.kill()
    const system = createSystemClock()
    let passed = 0
    const { bus, connected } = openBus([firstLine.url, secondLine.url], {
      clock: { ...system, mono: () => monoMs(system.mono() + passed) },
    })
    await until('connected', () => bus.connected)
    await first.restart()
    passed = 60_000
    secondLine.cut()
    await until('connected again', () => connected.length === 2)
    expect(connected.map(({ url, resumed }) => [url === secondLine.url, resumed])).toEqual([
      [true, false],
      [true, true],
    ])
  })

  test('begins with a clean session at every broker that this start has not been connected to', async () => {
    const broker = owned(await startMosquitto())
    const earlier = openBus([broker.url])
    await until('connected', () => earlier.bus.connected)
    await earlier.bus[Symbol.asyncDispose]()
    const { connected } = openBus([broker.url])
    await until('connected', () => connected.length === 1)
    expect(connected).toEqual([{ url: broker.url, resumed: false }])
  })

  test('is taken anew when the broker falls silent without closing the connection', async () => {
    const broker = owned(await startMosquitto())
    const { bus, lost, connected } = openBus([broker.url], { keepAliveSeconds: 1 })
    await until('connected', () => bus.connected)
    await broker.kill('SIGSTOP')
    const waiting = bus.publish('t', 'x', { qos: 1, retain: false })
    await expect(waiting).rejects.toThrow(expect.objectContaining({ code: 'BROKER' }))
    expect(lost).toEqual([expect.stringContaining('Keepalive timeout')])
    await broker.kill('SIGCONT')
    await until('connected again', () => connected.length === 2)
  })

  test('leaves the main thread free', async () => {
    const dead = owned(await startMosquitto())
    await dead.kill()
    let longest = 0
    let before = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - before)
      before = performance.now()
    }, 5)
    let rounds = 0
    openBus(['mqtt://broker.invalid:1883', dead.url], {
      untilNextTry: () => {
        rounds += 1
        return 20
      },
    })
    await until('five rounds', () => rounds >= 5)
    clearInterval(timer)
    expect(longest).toBeLessThan(200)
  })
})

describe.each(PROTOCOLS)('over protocol %d', (protocol) => {
  const account = { clientId: 'd-1', protocol }

  test('the will is what the bus said for this very connection', async () => {
    const broker = owned(await startMosquitto())
    const line = owned(await BrokenLine.open(broker.port))
    const heard: string[] = []
    const monitor = await connectAsync(broker.url)
    monitor.on('message', (_topic, payload) => heard.push(payload.toString()))
    await monitor.subscribeAsync('t/state')
    let wills = 0
    const { connected } = openBus([line.url], {
      account,
      will: () => {
        wills += 1
        return { topic: 't/state', payload: `lost ${wills}`, delaySeconds: 1 }
      },
      untilNextTry: () => 2500,
    })
    for (const times of [1, 2]) {
      await until('connected', () => connected.length === times)
      line.cut()
      await until('the will', () => heard.length === times)
    }
    await monitor.endAsync()
    expect(heard).toEqual(['lost 1', 'lost 2'])
  })

  test('an oversized document that is kept is neither taken in nor sent again, and the rest still comes', async () => {
    const broker = owned(await startMosquitto())
    const publisher = await connectAsync(broker.url)
    await publisher.publishAsync('a/big', Buffer.alloc(1_100_000, 0x20), { retain: true, qos: 1 })
    await publisher.publishAsync('a/mib', Buffer.alloc(1_048_500, 0x20), { retain: true, qos: 1 })
    const { bus, connected, oversized, messages } = openBus([broker.url], { account })
    await until('connected', () => bus.connected)
    await bus.subscribe(['a/big'], 'send').catch(() => [])
    await until('connected again', () => connected.length === 2)
    expect(oversized).toEqual([{ topic: 'a/big', bytes: expect.any(Number) }])
    await bus.subscribe(['a/mib'], 'if-new')
    await until('the other document', () => messages.length === 1)
    await publisher.publishAsync('a/big', Buffer.alloc(1_200_000, 0x20), { retain: true, qos: 1 })
    await publisher.endAsync()
    await bus.publish('t', 'still here', { qos: 1, retain: false })
    expect(messages.map(({ topic, payload }) => [topic, payload.length])).toEqual([['a/mib', 1_048_500]])
    expect([connected.length, oversized.length]).toEqual([2, 1])
  })
})
