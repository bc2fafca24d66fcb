import { expect, test } from 'vitest'
import type { AboutMessage } from '../../agent/core/upstream.ts'
import { Signposts } from '../../agent/services/signposts.ts'
import { createTopics } from '../../agent/wire/topics.ts'
import { ManualClock } from '../fakes/manual-clock.ts'
import { MemoryBroker, MemoryBus } from '../fakes/memory-bus.ts'
import { silentLogger } from '../fakes/silent-logger.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

const bench = (forbidden: readonly string[] = []) => {
  const clock = new ManualClock()
  const broker = new MemoryBroker()
  const handlers = {
    onConnect: () => undefined,
    onMessage: () => undefined,
    onDisconnect: () => undefined,
    onUnreachable: () => undefined,
    onOversize: () => undefined,
  }
  const bus = new MemoryBus({ broker, handlers })
  for (const topic of forbidden) bus.forbidden.add(topic)
  bus.connect()
  const former = [
    { province: '75', commune: '26068' },
    { province: '77', commune: '26683' },
  ]
  const place = { root: 'loa/v1', province: '77', commune: '26680', id: 'd-1', former }
  const about = { province: '77', commune: '26680' } as AboutMessage
  const signposts = new Signposts({
    bus,
    clock,
    logger: silentLogger,
    left: createTopics(place).left,
    goodbye: () => '{"state":"offline"}',
    about,
  })
  return { clock, broker, signposts }
}
const UP = 'loa/v1/device/75/d-1/up'

test('the former province sees that the device has left and where it stands, and no revisions; the present one nothing of it', async () => {
  const { broker, signposts } = bench()
  broker.publish(`${UP}/reported`, '{"revs":{}}', { retain: true })
  await signposts.announce()
  expect([...broker.retained]).toEqual([
    [`${UP}/state`, '{"state":"offline"}'],
    [`${UP}/about`, '{"province":"77","commune":"26680"}'],
  ])
})

test('a will that comes late is not the last word, and is answered no more than every ten seconds', async () => {
  const { clock, broker, signposts } = bench()
  const said = () => broker.on(`${UP}/state`).length
  await signposts.heard('75', encode('{"v":1,"state":"lost"}'))
  await signposts.heard('75', encode('{"v":1,"state":"lost"}'))
  expect(said()).toBe(1)
  await signposts.heard('75', encode('{"v":1,"state":"online"}'))
  await clock.advance(10_000)
  await signposts.heard('75', encode('{"v":1,"state":"lost"}'))
  expect(said()).toBe(2)
})

test('a broker that forbids it costs nothing but that', async () => {
  const { broker, signposts } = bench([`${UP}/state`])
  await signposts.announce()
  expect([...broker.retained.keys()]).toEqual([`${UP}/about`])
})
