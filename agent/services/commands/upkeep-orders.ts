import type { Outbox } from '../../ports/state-store.ts'
import type { OutboxPump } from '../outbox-pump.ts'
import { done, type OrdersOf } from './order.ts'

export type UpkeepOrdersOptions = {
  readonly outbox: Pick<Outbox, 'epoch' | 'lastNumber'>
  readonly pump: Pick<OutboxPump, 'sync'>
  /** Ends the agent in order; whoever supervises it starts it again. */
  readonly restart: () => void
  /** @throws UNSUPPORTED with why this machine does not let the agent do it */
  readonly reboot: () => Promise<void>
}

/** Orders that concern the agent and its machine. */
export const createUpkeepOrders = (
  options: UpkeepOrdersOptions,
): OrdersOf<'sync' | 'restart' | 'reboot'> => ({
  sync: ({ args }) => {
    const { pump, outbox } = options
    pump.sync(args?.from)
    return done({ epoch: outbox.epoch, last: outbox.lastNumber() })
  },
  // The new boot nonce in `up/state` is the proof that it has happened.
  restart: () => {
    options.restart()
    return done()
  },
  reboot: async () => {
    await options.reboot()
    return done()
  },
})
