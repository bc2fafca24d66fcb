import { clipFrames } from '../core/clip.ts'
import type { EpochMs } from '../core/time.ts'
import type { PlayoutReport } from '../ports/playout.ts'
import type { Track } from './track.ts'

type Failure = NonNullable<Track['failure']>

/** A clip of which nothing could be read has failed for the first reason found. */
const failureOf = (track: Track, frames: number, cut: boolean): Failure | undefined => {
  const fault = track.faults[0]
  if (track.failure !== undefined || cut || frames > 0 || fault === undefined) return track.failure
  return { code: fault.code, message: `segment ${fault.segment} gave no sound` }
}

/** The one `ended` of a piece. `until`: the device frame after the last that left; `cut`: not by itself. */
export const endedReport = (track: Track, until: number, at: EpochMs, cut: boolean): PlayoutReport => {
  const frames = track.framesBefore(until)
  const failure = failureOf(track, frames, cut)
  const whole = failure === undefined && !cut
  return {
    kind: 'ended',
    clip: track.id,
    end: failure !== undefined ? 'failed' : cut ? 'cut' : 'finished',
    ...failure,
    at,
    frame: whole ? clipFrames(track.order.clip) : track.positionAt(until),
    frames,
    underruns: track.underruns,
    corrections: track.corrections,
    faults: track.faults,
    ...(track.relay === undefined ? {} : { relay: track.relay }),
  }
}
