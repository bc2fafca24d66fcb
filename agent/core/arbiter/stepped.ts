import { type EpochMs, epochMs } from '../time.ts'
import type { Programme } from './programme.ts'
import { withdrawNext } from './settle.ts'
import type { ArbiterState, Step } from './state.ts'

/** Alerts, orders and local actions are due at an instant, whatever the clock then said. */
const isOfPlan = ({ item }: Programme): boolean => item.document.endsWith('/schedule')

/** Instants of the plan stay where they are, spans that are running go on, and what follows is ordered anew. */
export function stepped(state: ArbiterState, stepMs: number): Step {
  const shifted = (at: EpochMs): EpochMs => epochMs(at + stepMs)
  const { state: free, effects } = withdrawNext(state)
  const waiting = free.waiting.map((entry) =>
    entry.cause === 'due' && isOfPlan(entry.programme)
      ? entry
      : {
          ...entry,
          dueAt: shifted(entry.dueAt),
          deadline: shifted(entry.deadline),
          ...(entry.joinsAt === undefined ? {} : { joinsAt: shifted(entry.joinsAt) }),
          ...(entry.leftAt === undefined ? {} : { leftAt: shifted(entry.leftAt) }),
        },
  )
  const { sounding } = free
  const moved = sounding && { sounding: { ...sounding, startedAt: shifted(sounding.startedAt) } }
  return { state: { ...free, ...moved, waiting }, effects }
}
