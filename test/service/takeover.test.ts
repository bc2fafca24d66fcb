import { describe, expect, test } from 'vitest'
import { LoaError } from '../../agent/core/error.ts'
import { openSession, STATE } from './session-bench.ts'

const birth = (boot: string) =>
  JSON.stringify({ v: 1, state: 'online', boot, connection: 7, agent: '0', at: '2026-11-22T03:00:00.000Z' })

describe('T06 a session that another client takes', () => {
  test('is told when it is taken, and when it has been ours for five minutes', async () => {
    const { bus, clock, session, takeover, signs, idle } = openSession({ trust: true })
    bus.connect()
    await idle()
    bus.cut('the broker disconnected with reason code 0x8e', 'taken')
    expect([signs, takeover.contested]).toEqual([['reason-code'], true])
    bus.connect()
    await clock.advance(300_001)
    session.tick()
    expect([signs, takeover.contested]).toEqual([['reason-code', undefined], false])
  })

  test('is told once, however often it is taken', async () => {
    const { bus, signs, idle } = openSession({ trust: true })
    for (let times = 0; times < 5; times += 1) {
      bus.connect()
      await idle()
      bus.cut('taken', 'taken')
    }
    expect(signs).toEqual(['reason-code'])
  })

  test('is inferred from three short connections, but not where the broker could not be reached between them', async () => {
    const { bus, broker, session, signs, idle } = openSession({ trust: true })
    const dropThrice = async (between: () => void) => {
      for (let times = 0; times < 3; times += 1) {
        bus.connect()
        await idle()
        bus.cut('closed', 'closed')
        between()
      }
    }
    await dropThrice(() => session.handlers.onUnreachable(broker.url, 'ECONNREFUSED'))
    expect(signs).toEqual([])
    await dropThrice(() => undefined)
    expect(signs).toEqual(['short-connections'])
  })
})

describe('T06 the birth of another agent on our own topic', () => {
  test('is told when it comes while we are connected', async () => {
    const { bus, broker, signs, idle } = openSession({ trust: true })
    bus.connect()
    await idle()
    broker.publish(STATE, birth('other'), { retain: true })
    expect(signs).toEqual(['foreign-birth'])
  })

  test('is told when the broker kept it while we were away', async () => {
    const { bus, broker, signs, idle } = openSession({ trust: true })
    bus.connect()
    await idle()
    bus.cut()
    broker.publish(STATE, birth('other'), { retain: true })
    bus.connect()
    await idle()
    expect(signs).toEqual(['foreign-birth'])
  })

  test('is taken for that of an earlier start where we come first, and again when the broker brings it back', async () => {
    const { bus, broker, signs, states, idle } = openSession({ trust: true })
    broker.publish(STATE, birth('earlier'), { retain: true })
    bus.connect()
    await idle()
    broker.publish(STATE, birth('earlier'), { retain: true })
    await idle()
    expect([signs, states().at(-1)]).toEqual([[], 'online'])
  })

  test.each([
    ['is no JSON', 'online'],
    ['is huge', `{"state":"online","boot":"x","pad":"${'x'.repeat(2000)}"}`],
    ['says lost', '{"state":"lost","boot":"x"}'],
    ['has no nonce', '{"state":"online","boot":1}'],
  ])('is not seen in what %s', async (_what, text) => {
    const { bus, broker, signs, idle } = openSession({ trust: true })
    bus.connect()
    await idle()
    broker.publish(STATE, text, { retain: true })
    expect(signs).toEqual([])
  })
})

test('why no broker is connected is known: what the last try said, or how the connection ended', async () => {
  const { bus, session, broker, idle } = openSession({ trust: true })
  expect(session.fault).toBe('no broker is connected')
  session.handlers.onUnreachable('mqtts://a', new LoaError('BROKER', 'certificate').message)
  expect(session.fault).toBe('mqtts://a: certificate')
  bus.connect()
  await idle()
  bus.cut('the power failed')
  expect(session.fault).toBe(`${broker.url}: the power failed`)
})
