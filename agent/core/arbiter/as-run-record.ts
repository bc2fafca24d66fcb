import { type Outcome, playedRecord, unplayedRecord } from '../record/playback.ts'
import type { ClockState, PlaybackBody } from '../records.ts'
import type { AsRun, Programme } from './programme.ts'

/** The as-run record of a programme that contended for sound. `volume` in percent. */
export function asRunRecord(
  { item, planned }: Programme,
  asRun: AsRun,
  outcome: Outcome,
  context: { readonly clock: ClockState; readonly volume: number },
): PlaybackBody {
  const { startedAt } = asRun
  if (startedAt === undefined && outcome.result !== 'completed')
    return unplayedRecord(item, planned, context.clock, outcome)
  return playedRecord(
    item,
    planned,
    context.clock,
    {
      started: startedAt ?? planned,
      ended: asRun.endedAt ?? startedAt ?? planned,
      startErrorMs: asRun.startErrorMs ?? 0,
      frames: asRun.frames,
      underruns: asRun.underruns,
      cuts: asRun.cuts,
      volume: context.volume,
      ...(asRun.relay === undefined ? {} : { relay: asRun.relay }),
      ...(asRun.heard === undefined ? {} : { heard: asRun.heard.score }),
    },
    outcome,
  )
}
