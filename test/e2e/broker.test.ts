import { createServer, type Server } from 'node:net'
import { describe, expect, test } from 'vitest'
import { Agent } from '../rig/agent.ts'
import { DEVICE } from '../rig/agent-files.ts'
import { Bench, inMs, itemAt, toneMp3 } from '../rig/bench.ts'
import { eventually } from '../rig/eventually.ts'
import { chainFaults, Observer } from '../rig/observer.ts'

const LONG = 120_000

/** An agent that found no broker for a while waits up to a minute before it looks again. */
const RECONNECTED_WITHIN_MS = 75_000

describe.concurrent.each([5, 4] as const)('without a broker, protocol %i', (protocol) => {
  test(
    'a restarted agent plays what it has cached, and its records arrive later, once each, in order',
    async () => {
      await using bench = await Bench.running({ protocol })
      const { agent, observer, broker } = bench
      const at = inMs(14_000)
      const items = [0, 3000].map((later, index) =>
        itemAt(`tin-${index}`, at + later, { parts: [bench.serve(toneMp3(1), 1)] }),
      )
      await observer.schedule(1, items)
      await observer.until('reported', 'armed', (body) =>
        (body['next'] as { armed: boolean }[]).some(({ armed }) => armed),
      )
      const held = observer.records.at(-1)
      if (held === undefined) throw new Error('no records')
      await observer.acknowledge(held)
      await eventually('acknowledged', async () => (await agent.status()).outbox === 0)
      const before = observer.deliveries.length

      await broker.kill()
      await agent.crash()
      await agent.start()
      expect(Math.abs((await agent.heard('on')) - at)).toBeLessThan(20)
      expect(Math.abs((await agent.heard('on', 1)) - at - 3000)).toBeLessThan(20)
      await eventually('both are recorded', async () => {
        const { playing, outbox } = await agent.status()
        return playing === undefined && outbox >= 3
      })
      const { health, problems } = await agent.status()
      expect(health).toBe('degraded')
      expect(problems.map(({ code }) => code)).toContain('BROKER')

      await broker.restart()
      await eventually('all has arrived', () => observer.playbackOf('tin-1')[0], RECONNECTED_WITHIN_MS)
      const later = observer.deliveries.slice(before)
      expect(observer.playbackOf('tin-0')).toMatchObject([{ result: 'completed' }])
      expect(observer.playbackOf('tin-1')).toMatchObject([{ result: 'completed' }])
      const numbers = later.map(({ n }) => n)
      expect(new Set(numbers).size).toBe(numbers.length)
      for (const topic of ['playback', 'event']) {
        const inOrder = later.filter((record) => record.topic === topic).map(({ n }) => n)
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
      }
      expect(chainFaults(observer.records)).toEqual([])
    },
    LONG,
  )
})

const STOPPED_WITHIN_MS = 8000
const STATE = `loa/v1/device/75/${DEVICE}/up/state`

/** What a client that comes only now finds retained. */
const retainedState = async (bench: Bench): Promise<unknown> => {
  await using late = await Observer.connect(bench.broker.url, 5)
  const found = await eventually('a retained state', () => late.of('state').find(({ retain }) => retain))
  return found.body
}

/** A broker that says nothing: it keeps what the first client sends it. */
const silentBroker = async (): Promise<{ readonly url: string; readonly server: Server; sent(): string }> => {
  let sent = ''
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      sent += chunk.toString('hex')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return { url: `mqtt://127.0.0.1:${port}`, server, sent: () => sent }
}

describe.concurrent('presence', () => {
  test(
    'SIGTERM while it plays: it fades, opens the relay, says goodbye and ends in order',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const parts = [bench.serve(toneMp3(30), 30)]
      const at = inMs(5000)
      await observer.schedule(1, [itemAt('dang-phat', at, { parts })])
      const began = await agent.heard('on')
      await eventually('it has sounded a while', () => Date.now() > began + 1500 || undefined)
      const askedAt = Date.now()
      expect(await agent.stop()).toEqual({ code: 0, signal: null })
      console.log(`SIGTERM while playing: ended after ${Date.now() - askedAt} ms`)
      expect(Date.now() - askedAt).toBeLessThan(STOPPED_WITHIN_MS)
      const silentAfter = (await agent.heard('off')) - askedAt
      expect(silentAfter).toBeGreaterThan(200)
      expect(silentAfter).toBeLessThan(1000)
      expect(agent.relay().at(-1)).toMatchObject({ on: false })
      expect(await retainedState(bench)).toMatchObject({ state: 'offline', v: 1 })

      await agent.start()
      await observer.until('state', 'online again', ({ state }) => state === 'online')
      expect(await observer.record('dang-phat')).toMatchObject({ result: 'interrupted', reason: 'STOPPED' })
    },
    LONG,
  )

  test(
    'the will says lost on protocol 4, the next start says online with a new boot and a higher connection',
    async () => {
      await using bench = await Bench.running({ protocol: 4 })
      const { agent, observer } = bench
      const born = await observer.until('state', 'online', ({ state }) => state === 'online')
      expect(born['boot']).toMatch(/^[0-9a-f]{32}$/)
      await agent.crash()
      const lost = await observer.until('state', 'lost', ({ state }) => state === 'lost')
      expect(lost).toMatchObject({ boot: born['boot'], connection: born['connection'] })
      await agent.start()
      const again = await observer.until('state', 'online again', ({ state }) => state === 'online')
      expect(again['boot']).not.toBe(born['boot'])
      expect(Number(again['connection'])).toBeGreaterThan(Number(born['connection']))
      expect(await retainedState(bench)).toEqual(again)
    },
    LONG,
  )

  test(
    'a state that somebody else wrote is corrected by a new birth',
    async () => {
      await using bench = await Bench.running()
      const { agent, observer } = bench
      const born = await observer.until('state', 'online', ({ state }) => state === 'online')
      await eventually('it is a while since the birth', async () => (await agent.status()).uptimeSeconds >= 2)
      await observer.client.publishAsync(STATE, JSON.stringify({ ...born, state: 'lost' }), {
        qos: 1,
        retain: true,
      })
      const corrected = await eventually('a birth after the lie', () => {
        const states = observer.of('state').map(({ body }) => body)
        const lie = states.findIndex(({ state }) => state === 'lost')
        return lie < 0 ? undefined : states.slice(lie).find(({ state }) => state === 'online')
      })
      expect(corrected).toMatchObject({ boot: born['boot'], connection: born['connection'] })
      expect(await retainedState(bench)).toEqual(corrected)
    },
    LONG,
  )

  test(
    'after a crash and a restart on protocol 5 the retained state ends at online',
    async () => {
      await using bench = await Bench.running({ protocol: 5 })
      const { agent, observer } = bench
      const born = await observer.until('state', 'online', ({ state }) => state === 'online')
      await agent.crash()
      await agent.start()
      const isNew = ({ state, boot }: Readonly<Record<string, unknown>>) =>
        state === 'online' && boot !== born['boot']
      await observer.until('state', 'online with a new boot', isNew)
      await eventually('it runs a while', async () => (await agent.status()).uptimeSeconds >= 3)
      await observer.until('state', 'still online', isNew)
      expect(await retainedState(bench)).toMatchObject({ state: 'online' })
    },
    LONG,
  )

  test(
    'protocol 5 asks for a will after a minute, a session of an hour and a clean start, under the id of the device',
    async () => {
      const broker = await silentBroker()
      try {
        await using agent = new Agent({ config: { mqtt: { urls: [broker.url], protocol: 5 } } })
        await agent.start()
        const hexOf = (text: string): string => Buffer.from(text).toString('hex')
        const connect = await eventually('a CONNECT', () =>
          broker.sent().includes(hexOf('"lost"')) ? broker.sent() : undefined,
        )
        expect(connect).toContain('00044d51545405')
        expect(connect).toContain('180000003c')
        expect(connect).toContain('1100000e10')
        expect(connect).toContain(hexOf(STATE))
        expect(connect).toContain(hexOf(DEVICE))
        // Connect flags follow the protocol version: will retained, QoS 1, will, clean start; no name, no password.
        expect(connect).toContain('4d515454052e')
      } finally {
        broker.server.close()
      }
    },
    LONG,
  )
})
