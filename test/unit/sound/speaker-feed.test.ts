import { expect, test } from 'vitest'
import { SpeakerFeed } from '../../../drivers/audio/speaker/feed.ts'
import { stubSpeaker } from '../../fakes/speaker.ts'

const frames = (count: number): Int16Array => new Int16Array(count)

const feedOver = () => {
  const opened: ReturnType<typeof stubSpeaker>[] = []
  let now = 0n
  const feed = new SpeakerFeed({
    device: 'dac0',
    open: () => {
      const stub = stubSpeaker()
      opened.push(stub)
      return stub.speaker
    },
    channels: 1,
    pieceFrames: 100,
    nowNs: () => now,
  })
  const at = (index: number) => {
    const stub = opened[index]
    if (stub === undefined) throw new Error(`${opened.length} were opened`)
    return stub
  }
  return { feed, opened, at, setNow: (ns: bigint) => (now = ns) }
}

test('an empty write opens the device before anything counts as started', async () => {
  const { feed, at, setNow } = feedOver()
  feed.give(frames(10))
  expect(at(0).given).toEqual([0])
  expect(feed.handed().startNs).toBeUndefined()
  setNow(7n)
  at(0).take()
  await feed.opened
  expect(at(0).given).toEqual([0, 20])
  expect(feed.handed()).toEqual({ startNs: 7n, accepted: 0, inFlight: { frames: 10, sinceNs: 7n } })
})

test('pieces go out one at a time and are joined up to the length of one', () => {
  const { feed, at } = feedOver()
  at(0).take()
  for (const count of [100, 70, 10]) feed.give(frames(count))
  expect(at(0).given).toEqual([0, 200])
  at(0).take()
  expect(feed.handed().accepted).toBe(100)
  at(0).take()
  expect(feed.handed()).toMatchObject({ accepted: 180, inFlight: undefined })
  expect(at(0).given).toEqual([0, 200, 160])
})

test('a start waits for what the same turn still brings, and for no more', async () => {
  const { feed, at } = feedOver()
  at(0).take()
  feed.give(frames(20))
  feed.give(frames(40))
  expect(at(0).given).toEqual([0])
  await new Promise((resolve) => setImmediate(resolve))
  expect(at(0).given).toEqual([0, 120])
})

test('what the caller does with its frames afterwards is not heard', () => {
  const { feed, at } = feedOver()
  const samples = frames(150).fill(1)
  feed.give(samples)
  samples.fill(2)
  for (let write = 0; write < 3; write += 1) at(0).take()
  expect(at(0).heard).toEqual(Array(150).fill(1))
})

test('dropping waits for the write under way, closes with what the device held, and opens anew', () => {
  const { feed, opened, at } = feedOver()
  at(0).take()
  feed.give(frames(250))
  feed.drop()
  feed.give(frames(30))
  expect(at(0).close.called).toBe(false)
  expect(feed.handed()).toEqual({ startNs: undefined, accepted: 0, inFlight: undefined })
  at(0).take()
  expect(at(0).close.args).toEqual([[true]])
  expect(feed.handed().accepted).toBe(0)
  at(1).take()
  expect(at(1).given).toEqual([0, 60])
  expect(opened).toHaveLength(2)
})

test('dropping before anything was handed over keeps the device', () => {
  const { feed, opened, at } = feedOver()
  feed.give(frames(10))
  feed.drop()
  at(0).take()
  expect(at(0).given).toEqual([0])
  expect(opened).toHaveLength(1)
})

test('a device that cannot be opened, or is gone, is named', async () => {
  const { feed, at } = feedOver()
  at(0).refuse(new Error('Failed to open output device'))
  await expect(feed.opened).rejects.toMatchObject({
    code: 'AUDIO_DEVICE',
    message: expect.stringMatching(/dac0.*Failed to open/),
  })
  expect(() => feed.handed()).toThrow(/dac0/)
  await feed[Symbol.asyncDispose]()
  expect(at(0).close.callCount).toBe(1)
})

test('closing waits for the write under way', async () => {
  const { feed, opened, at } = feedOver()
  at(0).take()
  feed.give(frames(100))
  const closed = feed[Symbol.asyncDispose]()
  expect(at(0).close.called).toBe(false)
  at(0).take()
  await closed
  expect(at(0).close.args).toEqual([[true]])
  expect(opened).toHaveLength(1)
})

test('closing leaves a device to itself that takes nothing any more', async () => {
  const { feed, at } = feedOver()
  at(0).take()
  feed.give(frames(100))
  await feed[Symbol.asyncDispose]()
  expect(at(0).close.called).toBe(false)
})
