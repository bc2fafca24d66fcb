import { LoaError, messageOf } from '../../core/error.ts'
import { MOST_OFFSET_MS } from '../../core/selftest/plan.ts'
import type { SelftestStep } from '../../core/selftest/report.ts'
import { comesTrue } from '../comes-true.ts'
import type { SelftestParts } from './parts.ts'

const BACK_WITHIN_MS = 10_000

/** Says something of our own and sees it come back: how long its acknowledgement took, and how long it took itself. */
export async function tryBroker(
  { broker, clock }: SelftestParts,
  signal: AbortSignal,
): Promise<SelftestStep> {
  const lost = (message: string): SelftestStep => ({
    step: 'broker',
    result: 'problem',
    code: 'BROKER',
    message,
    facts: {},
  })
  if (!broker.connected()) return lost(broker.fault())
  const since = clock.mono()
  const elapsed = (): number => Math.round((clock.mono() - since) * 1000) / 1000
  const found: { ackMs?: number; seenMs?: number; fault?: unknown } = {}
  broker.say().then(
    () => {
      found.ackMs = elapsed()
    },
    (fault: unknown) => {
      found.fault = fault
    },
  )
  const isOver = (): boolean => {
    if (found.seenMs === undefined && broker.cameBack()) found.seenMs = elapsed()
    return found.fault !== undefined || (found.ackMs !== undefined && found.seenMs !== undefined)
  }
  await comesTrue(clock, BACK_WITHIN_MS, isOver, signal)
  const { fault, ...times } = found
  if (fault !== undefined && !(fault instanceof LoaError)) throw fault
  if (fault !== undefined) return lost(messageOf(fault))
  if (times.ackMs === undefined) return lost('the broker did not acknowledge within ten seconds')
  if (times.seenMs === undefined)
    return { ...lost('what was published did not come back within ten seconds'), facts: times }
  return { step: 'broker', result: 'ok', facts: times }
}

/** Whether the time is known, and how far it is off. */
export function judgeClock({ time }: SelftestParts): SelftestStep {
  const { state } = time
  const offsetMs = Math.round(time.offsetMs * 1000) / 1000
  const facts = { state, offsetMs }
  if (state === 'unset') return { step: 'clock', result: 'problem', code: 'NO_CLOCK', facts }
  if (state === 'stale') return { step: 'clock', result: 'problem', code: 'CLOCK_UNSYNCED', facts }
  const off = state === 'synced' && Math.abs(offsetMs) > MOST_OFFSET_MS
  return off
    ? { step: 'clock', result: 'problem', code: 'CLOCK_UNSYNCED', facts }
    : { step: 'clock', result: 'ok', facts }
}
