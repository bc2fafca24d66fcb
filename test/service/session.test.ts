import { describe, expect, test } from 'vitest'
import { LoaError } from '../../agent/core/error.ts'
import { openSession, STATE, topics } from './session-bench.ts'

const SCHEDULE = 'loa/v1/area/vn/schedule'
const TEN_MINUTES = 600_000

describe('on a connection', () => {
  test('trust is asked for first, the rest 300 ms after the answer when trust topics stay silent', async () => {
    const { bus, clock, asked, ready, idle } = openSession()
    bus.connect()
    await idle()
    await clock.advance(299)
    expect([asked(), ready]).toEqual([[[3, 'send']], []])
    expect(bus.subscriptions[0]?.topics).toEqual(topics.trust)
    await clock.advance(1)
    await idle()
    expect(asked()).toEqual([
      [3, 'send'],
      [topics.rest.length, 'send'],
    ])
    expect(ready).toHaveLength(1)
  })

  test('the rest is asked for at once when every trust topic has answered', async () => {
    const { bus, broker, asked, received, idle } = openSession()
    for (const topic of topics.trust) broker.retained.set(topic, '{}')
    bus.connect()
    await idle()
    expect(asked()).toHaveLength(2)
    expect(received).toEqual(['vn/trust', '75/trust', '75/26068/trust'])
  })

  test.each([
    ['signatures are off', { signatures: 'off' as const }],
    ['all trust is held', { trust: true }],
  ])('the rest is asked for at once when %s', async (_when, more) => {
    const { bus, asked, idle } = openSession(more)
    bus.connect()
    await idle()
    expect(asked()).toHaveLength(2)
  })

  test('a resumed session is asked for everything at once, for what is new only', async () => {
    const { bus, clock, asked, idle } = openSession({ keepsSession: true })
    bus.connect()
    await clock.advance(300)
    await idle()
    bus.cut()
    bus.connect()
    await idle()
    expect(asked().slice(2)).toEqual([
      [3, 'if-new'],
      [topics.rest.length, 'if-new'],
    ])
  })

  test('exact topics are asked for, no wildcard among them', async () => {
    const { bus, idle } = openSession({ trust: true })
    bus.connect()
    await idle()
    const all = bus.subscriptions.flatMap((each) => each.topics)
    expect(all).toHaveLength(new Set(all).size)
    expect(all.filter((topic) => /[+#]/.test(topic))).toEqual([])
  })

  test('birth and readiness come once, also when it was lost while waiting for trust', async () => {
    const { bus, clock, ready, states, asked, idle } = openSession()
    bus.connect()
    await idle()
    await clock.advance(100)
    bus.cut()
    bus.connect()
    await idle()
    await clock.advance(1000)
    await idle()
    expect(ready).toHaveLength(1)
    expect(states()).toEqual(['lost', 'online'])
    expect(asked().map(([count]) => count)).toEqual([3, 3, topics.rest.length])
  })

  test('a broker that refuses the birth still gets the rest', async () => {
    const { bus, ready, idle } = openSession({ trust: true })
    bus.forbidden.add(STATE)
    bus.connect()
    await idle()
    expect(ready).toHaveLength(1)
  })

  test('a refused topic is asked for again after ten minutes', async () => {
    const { bus, broker, session, clock, idle } = openSession({ trust: true })
    broker.refused.add(SCHEDULE)
    bus.connect()
    await idle()
    expect(session.unsubscribed).toEqual([SCHEDULE])
    const before = bus.subscriptions.length
    await clock.advance(TEN_MINUTES - 1)
    session.tick()
    await idle()
    expect(bus.subscriptions).toHaveLength(before)
    await clock.advance(1)
    session.tick()
    await idle()
    expect(bus.subscriptions.slice(before)).toEqual([{ topics: [SCHEDULE], retained: 'send' }])
  })
})

describe('an oversized document', () => {
  test('is refused TOO_LARGE and its topic left alone for ten minutes, then tried once more', async () => {
    const { bus, session, clock, refused, idle } = openSession({ trust: true, keepsSession: true })
    bus.connect()
    await idle()
    bus.oversize(SCHEDULE, 2_000_000)
    expect(refused).toEqual([
      { document: 'vn/schedule', code: 'TOO_LARGE', message: expect.stringContaining('2000000 bytes') },
    ])
    const before = bus.subscriptions.length
    bus.connect()
    await idle()
    expect(bus.subscriptions.slice(before).flatMap((each) => each.topics)).toHaveLength(
      topics.trust.length + topics.rest.length - 1,
    )
    await clock.advance(TEN_MINUTES - 1)
    session.tick()
    await idle()
    expect(bus.subscriptions.slice(before).flatMap((each) => each.topics)).not.toContain(SCHEDULE)
    await clock.advance(1)
    session.tick()
    session.tick()
    await idle()
    expect(bus.subscriptions.slice(before + 2)).toEqual([{ topics: [SCHEDULE], retained: 'send' }])
  })

  test('whose ten minutes end while there is no connection is asked for on the next one', async () => {
    const { bus, session, clock, idle } = openSession({ trust: true })
    bus.connect()
    await idle()
    bus.oversize(SCHEDULE, 2_000_000)
    await clock.advance(TEN_MINUTES)
    session.tick()
    bus.connect()
    await idle()
    session.tick()
    await idle()
    const asked = bus.subscriptions.slice(2).flatMap((each) => each.topics)
    expect(asked.filter((topic) => topic === SCHEDULE)).toHaveLength(1)
  })

  test('on a topic that is not ours is nobody of whom to tell', () => {
    const { session, refused } = openSession()
    session.handlers.onOversize('somebody/else', 5_000_000)
    expect(refused).toEqual([])
  })
})

describe('our own state', () => {
  test('is said again whatever else is seen there, and in the end it is the birth that stands', async () => {
    const { bus, broker, session, clock, states, idle } = openSession({ trust: true })
    bus.connect()
    await idle()
    for (const other of ['{"state":"lost"}', '', '{"state":"offline"}']) {
      broker.publish(STATE, other, { retain: true })
      await idle()
      await clock.advance(100)
    }
    expect(states()).toEqual(['online', 'lost', '', 'offline'])
    for (let second = 0; second < 3; second += 1) {
      await clock.advance(1000)
      session.tick()
      await idle()
    }
    expect(states()).toEqual(['online', 'lost', '', 'offline', 'online'])
    expect(JSON.parse(broker.retained.get(STATE) ?? '')).toMatchObject({ state: 'online', connection: 1 })
  })

  test('is said again at once when the last birth is older than a second', async () => {
    const { bus, broker, clock, states, idle } = openSession({ trust: true })
    bus.connect()
    await idle()
    await clock.advance(1000)
    broker.publish(STATE, '{"state":"lost"}', { retain: true })
    await idle()
    expect(states()).toEqual(['online', 'lost', 'online'])
  })

  test('is said at most once a second to somebody who keeps contradicting', async () => {
    const { bus, broker, session, clock, states, idle } = openSession({ trust: true })
    bus.connect()
    await idle()
    for (let tenth = 0; tenth < 100; tenth += 1) {
      broker.publish(STATE, '{"state":"lost"}', { retain: true })
      await clock.advance(100)
      if (tenth % 10 === 0) session.tick()
      await idle()
    }
    expect(states().filter((state) => state === 'online').length).toBeLessThanOrEqual(11)
  })
})

describe('a message', () => {
  test('goes to whom it concerns', async () => {
    const acked: string[] = []
    const { bus, broker, received, commands, idle } = openSession({
      trust: true,
      onAcked: (payload) => void acked.push(new TextDecoder().decode(payload)),
    })
    bus.connect()
    await idle()
    broker.publish('loa/v1/area/75/26068/alert', 'a')
    broker.publish('loa/v1/device/75/d-1/down/desired', 'd')
    broker.publish('loa/v1/device/75/d-1/down/acked', 'k')
    broker.publish('loa/v1/device/75/d-1/down/job', 'j')
    broker.publish('loa/v1/device/75/d-1/down/command', 'c')
    expect([received, acked]).toEqual([['75/26068/alert', 'desired', 'job'], ['k']])
    expect(commands).toEqual(['c'])
  })

  test('that breaks something is refused, and the next one is taken', async () => {
    const { bus, broker, received, refused, idle } = openSession({
      trust: true,
      take: (key) => {
        if (key === 'vn/schedule') throw new LoaError('DISK_FULL', 'no room')
      },
    })
    bus.connect()
    await idle()
    broker.publish(SCHEDULE, '{}')
    broker.publish('loa/v1/area/75/schedule', '{}')
    expect(received).toEqual(['75/schedule'])
    expect(refused).toEqual([{ document: 'vn/schedule', code: 'INVALID', message: 'not taken: no room' }])
  })

  test('on a topic that was never asked for is passed over', () => {
    const { session, received } = openSession()
    session.handlers.onMessage({ topic: 'loa/v1/area/76/alert', payload: Buffer.from('x'), retained: false })
    expect(received).toEqual([])
  })
})

test('the broker in use is known while connected', async () => {
  const { bus, session, clock, idle } = openSession({ trust: true })
  expect(session.broker).toBeUndefined()
  bus.connect()
  await idle()
  expect(session.broker).toEqual({ url: 'memory:', since: clock.wall() })
  bus.cut()
  expect(session.broker).toBeUndefined()
})
