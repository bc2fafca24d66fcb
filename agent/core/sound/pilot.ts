import { FRAMES_PER_SECOND } from '../clip.ts'
import { BAND_HZ } from '../hearing/bands.ts'
import { edge, secondsAt, sine, type Voice } from './oscillator.ts'

/** The band of each tone: every band three times, never at the same distance, so that no other place in it looks alike. */
const TONES: readonly number[] = [3, 6, 1, 4, 0, 7, 2, 5, 0, 3, 7, 1, 6, 2, 4, 5, 1, 7, 3, 0, 5, 2, 6, 4]
const TONE_SECONDS = 0.08
const TONE_FRAMES = TONE_SECONDS * FRAMES_PER_SECOND
const EDGE_FRAMES = FRAMES_PER_SECOND / 200
/** Then silence, in which the end of it is heard even far away. */
const AFTER_SECONDS = 0.6
const PEAK = 0.225

export const PILOT_FRAMES = Math.round((TONES.length * TONE_SECONDS + AFTER_SECONDS) * FRAMES_PER_SECOND)

/** Two seconds of short tones that hop through the bands in which it is listened for. */
export const pilot: Voice = (frame) => {
  const hz = BAND_HZ[TONES[Math.floor(frame / TONE_FRAMES)] ?? -1]
  if (hz === undefined) return 0
  return PEAK * edge(frame % TONE_FRAMES, TONE_FRAMES, EDGE_FRAMES) * sine(hz * secondsAt(frame))
}
