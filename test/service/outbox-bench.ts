import type { EventBody } from '../../agent/core/records.ts'
import { OutboxPump, type OutboxPumpOptions } from '../../agent/services/outbox-pump.ts'
import { ManualClock } from '../fakes/manual-clock.ts'
import { MemoryStateStore } from '../fakes/memory-state-store.ts'
import { silentLogger } from '../fakes/silent-logger.ts'

type Sent = { readonly at: number; readonly topic: string; readonly numbers: readonly number[] }

export const body = (code = 'E'): EventBody => ({
  at: '2026-11-22T00:00:00.000Z',
  code,
  severity: 'info',
  data: {},
})

/** A pump over an outbox in memory, a link that a test can cut, and a log of what was sent. */
export const openBench = (more: Partial<OutboxPumpOptions> = {}, outboxLimit = 100_000) => {
  const clock = new ManualClock()
  const { outbox, ledger } = new MemoryStateStore(() => clock.wall(), outboxLimit)
  const sent: Sent[] = []
  const refused: string[] = []
  const link = { up: true, answer: (): Promise<void> => Promise.resolve() }
  const pump = new OutboxPump({
    outbox,
    clock,
    random: () => 0,
    logger: silentLogger,
    device: 'd-1',
    ack: 'server',
    publish: (topic, payload) => {
      const numbers = JSON.parse(payload).records.map(({ n }: { n: number }) => n)
      sent.push({ at: clock.mono() - 1_000_000, topic, numbers })
      return link.answer()
    },
    connected: () => link.up,
    onRefused: (message) => refused.push(message),
    onTurn: () => undefined,
    ...more,
  })
  const write = (count: number, code?: string) => {
    for (let n = 0; n < count; n += 1) outbox.event(body(code))
    pump.notify()
  }
  const ack = (upTo: number, hash = outbox.hashOf(upTo) ?? '', epoch = outbox.epoch) =>
    pump.acked({ epoch, upTo, hash })
  const numbers = () => sent.flatMap((each) => each.numbers)
  return { clock, outbox, ledger, sent, refused, link, pump, write, ack, numbers }
}
