import { clipFrames } from '../core/clip.ts'
import type { Heard } from '../core/hearing/verdict.ts'
import { type EpochMs, epochMs } from '../core/time.ts'
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
export const endedReport = (
  track: Track,
  until: number,
  at: EpochMs,
  cut: boolean,
  heard: Heard | undefined,
): PlayoutReport => {
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
    ...(heard === undefined ? {} : { heard }),
  }
}

/** `lastEndMs`: when what sounded before ended; what follows could not begin sooner. */
export const startedReport = (
  { id, order }: Track,
  at: EpochMs,
  lastEndMs: number,
): Extract<PlayoutReport, { readonly kind: 'started' }> => ({
  kind: 'started',
  clip: id,
  at,
  intended: order.takeover ? order.at : epochMs(Math.max(order.at, lastEndMs)),
  frame: order.fromFrame,
})

/** Where a piece stands when device frame `played` has left, and the peak since the last time this was asked. */
export const progressReport = (
  track: Track,
  played: number,
): Extract<PlayoutReport, { readonly kind: 'progress' }> => ({
  kind: 'progress',
  clip: track.id,
  frame: track.positionAt(played),
  underruns: track.underruns,
  peakDb: Math.round(10 * track.takePeakDb()) / 10,
})
