import type { Input } from '../core/arbiter/state.ts'
import type { EpochMs } from '../core/time.ts'
import type { PlayoutReport } from '../ports/playout.ts'

/** What the arbiter is told when playout has ended an order. */
export const endedInput = (report: Extract<PlayoutReport, { kind: 'ended' }>, at: EpochMs): Input => {
  const { clip, end, code, frame, frames, underruns, faults, relay, heard } = report
  const fault = faults[0]?.code
  const lost = faults.reduce((sum, { lost: frames = 0 }) => sum + frames, 0)
  return {
    kind: 'ended',
    at,
    order: clip,
    end,
    ended: report.at,
    frame,
    // Silence in place of a stream that did not come was not played.
    frames: Math.max(0, frames - lost),
    underruns,
    ...(code === undefined ? {} : { code }),
    ...(fault === undefined ? {} : { fault }),
    ...(relay === undefined ? {} : { relay }),
    ...(heard === undefined ? {} : { heard }),
  }
}
