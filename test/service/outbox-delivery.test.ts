import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openBench } from './outbox-bench.ts'

type Mishap = 'write' | 'down' | 'up' | 'refuse' | 'accept' | 'ack'

/** A server that keeps what gets through and acknowledges what it holds without a hole. */
const openServer = () => {
  const bench = openBench()
  const { outbox, link, pump, sent, write } = bench
  const held = new Set<number>()
  let lost = false
  link.answer = () => {
    if (lost) return Promise.reject(new Error('gone'))
    for (const n of sent.at(-1)?.numbers ?? []) held.add(n)
    return Promise.resolve()
  }
  const ack = () => {
    let upTo = 0
    while (held.has(upTo + 1)) upTo += 1
    pump.acked({ epoch: outbox.epoch, upTo, hash: outbox.hashOf(upTo) ?? '' })
  }
  const happen: Readonly<Record<Mishap, () => void>> = {
    write: () => write(70),
    down: () => {
      link.up = false
    },
    up: () => {
      link.up = true
      pump.reconnected()
    },
    refuse: () => {
      lost = true
    },
    accept: () => {
      lost = false
    },
    ack,
  }
  return { ...bench, held, ack, happen }
}

test('whatever the link does, the server ends up with every number', async () => {
  const mishap = fc.constantFrom<Mishap>('write', 'write', 'down', 'up', 'refuse', 'accept', 'ack')
  await fc.assert(
    fc.asyncProperty(fc.array(mishap, { maxLength: 30 }), async (mishaps) => {
      const { clock, outbox, pump, held, ack, happen } = openServer()
      const controller = new AbortController()
      const running = pump.run(controller.signal)
      for (const each of mishaps) {
        happen[each]()
        await clock.advance(1000)
      }
      happen.accept()
      happen.up()
      for (let round = 0; outbox.unacknowledged() > 0 && round < 20; round += 1) {
        await clock.advance(1000)
        ack()
      }
      expect(outbox.unacknowledged()).toBe(0)
      expect(held.size).toBe(outbox.lastNumber())
      controller.abort()
      await running
    }),
    { numRuns: 40 },
  )
})
