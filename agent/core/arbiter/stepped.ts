import { type EpochMs, epochMs } from '../time.ts'
import { withdrawNext } from './settle.ts'
import { type ArbiterState, isPlanned, type Step } from './state.ts'

/** Instants of the plan stay where they are, spans that are running go on, and what follows is ordered anew. */
export function stepped(state: ArbiterState, stepMs: number): Step {
  const shifted = (at: EpochMs): EpochMs => epochMs(at + stepMs)
  const { state: free, effects } = withdrawNext(state)
  const waiting = free.waiting.map((entry) =>
    isPlanned(entry)
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
