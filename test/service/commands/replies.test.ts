import { expect, test } from 'vitest'
import { LoaError } from '../../../agent/core/error.ts'
import { Replies } from '../../../agent/services/commands/replies.ts'
import { ManualClock, settled } from '../../fakes/manual-clock.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

const TOPIC = 'loa/v1/device/75/d-1/up/reply'

const bench = () => {
  const clock = new ManualClock()
  const said: string[] = []
  const bus = {
    connected: true,
    refuses: false,
    publish: async (topic: string, payload: string, options: object) => {
      expect([topic, options]).toEqual([TOPIC, { qos: 1, retain: false, expirySeconds: 300 }])
      await settled()
      if (!bus.connected || bus.refuses) throw new LoaError('BROKER', 'not taken')
      const { id, status, code } = JSON.parse(payload)
      said.push([id, status, code].filter((word) => word !== undefined).join(' '))
    },
  }
  const replies = new Replies({
    bus,
    clock,
    logger: silentLogger,
    topic: TOPIC,
    onFailure: (error) => {
      throw error
    },
  })
  const rest = async (): Promise<void> => {
    for (let turn = 0; turn < 300; turn += 1) await settled()
  }
  return { clock, bus, said, replies, rest }
}

test('replies go out in order, one after the other', async () => {
  const { replies, said, rest } = bench()
  for (const status of ['accepted', 'started', 'done'] as const) replies.say('a', status)
  await rest()
  expect(said).toEqual(['a accepted', 'a started', 'a done'])
})

test('what did not get through goes out after the next connection', async () => {
  const { replies, said, bus, rest } = bench()
  replies.say('a', 'accepted')
  replies.say('a', 'done')
  bus.connected = false
  await rest()
  expect(said).toEqual([])
  bus.connected = true
  replies.reconnected()
  await rest()
  expect(said).toEqual(['a accepted', 'a done'])
})

test('what a broker refuses keeps nothing else back', async () => {
  const { replies, said, bus, rest } = bench()
  bus.refuses = true
  replies.say('a', 'done')
  await rest()
  bus.refuses = false
  replies.say('b', 'done')
  await rest()
  expect(said).toEqual(['b done'])
})

test('without a broker the newest are kept, and no more than a few', async () => {
  const { replies, said, bus, rest } = bench()
  bus.connected = false
  for (let n = 0; n < 1000; n += 1) replies.say(`c-${n}`, 'done')
  bus.connected = true
  replies.reconnected()
  await rest()
  expect([said.length, said.at(-1)]).toEqual([64, 'c-999 done'])
})

test('copies of a recorded command are answered five times at once, then once a second', async () => {
  const { replies, said, clock, rest } = bench()
  for (let copy = 0; copy < 100; copy += 1) replies.reject('a', 'REPLAYED', {})
  await rest()
  expect(said).toHaveLength(5)
  await clock.advance(3000)
  for (let copy = 0; copy < 100; copy += 1) replies.reject('a', 'REPLAYED', {})
  await rest()
  expect(said).toHaveLength(8)
})
