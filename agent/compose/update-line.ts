import type { MessageBus } from '../ports/message-bus.ts'
import type { Renewals } from '../services/renewal/renewals.ts'
import type { BrokerSession } from '../services/session.ts'
import type { assembleSelftest } from './selftest.ts'

/** What updates of this program have to do with, beside all that plays. */
export type UpdateLine = {
  readonly bus: MessageBus
  readonly session: Pick<BrokerSession, 'fault' | 'wasOnline'>
  /** `up/job`. */
  readonly topic: string
  readonly restart: () => void
  readonly renewals: Pick<Renewals, 'report'>
  readonly selftest: Pick<ReturnType<typeof assembleSelftest>, 'isRunning'>
}
