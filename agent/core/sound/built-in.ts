import { FRAMES_PER_SECOND } from '../clip.ts'
import type { BuiltInSound } from '../documents.ts'
import { bellFrames, bells, type Stroke } from './bell.ts'
import { edge, sine, type Voice } from './oscillator.ts'
import { PILOT_FRAMES, pilot } from './pilot.ts'
import { twoTone, wail } from './siren.ts'

const CHIME: readonly Stroke[] = [
  { atSeconds: 0, hz: 523.25, level: 1 },
  { atSeconds: 0.55, hz: 659.26, level: 1 },
  { atSeconds: 1.1, hz: 783.99, level: 1 },
  { atSeconds: 1.65, hz: 1046.5, level: 1 },
]
const CHIME_END: readonly Stroke[] = [
  { atSeconds: 0, hz: 1046.5, level: 1 },
  { atSeconds: 0.55, hz: 783.99, level: 1 },
  { atSeconds: 1.1, hz: 523.25, level: 1 },
]
const ATTENTION: readonly Stroke[] = [0, 0.28, 0.56, 1.3, 1.58, 1.86].map((atSeconds, index) => ({
  atSeconds,
  hz: index % 3 === 2 ? 1174.66 : 880,
  level: 1,
}))

/** Chimes are set by ear and meter to about -16 LUFS, the loudness every programme is normalised to. */
const GAIN = { chime: 0.39, chimeEnd: 0.41, attention: 0.353 } as const
const TONE_PEAK = 0.225
const EDGE_FRAMES = FRAMES_PER_SECOND / 100

/** Natural lengths in frames. Sirens have no end of their own: theirs is one cycle of the usual flood pattern. */
export const SOUND_FRAMES: Readonly<Record<BuiltInSound, number>> = {
  chime: bellFrames(CHIME),
  'chime-end': bellFrames(CHIME_END),
  attention: bellFrames(ATTENTION),
  'siren-wail': 10 * FRAMES_PER_SECOND,
  'siren-two-tone': 10 * FRAMES_PER_SECOND,
  pilot: PILOT_FRAMES,
}

const VOICES: Readonly<Record<BuiltInSound, Voice>> = {
  chime: bells(CHIME, GAIN.chime),
  'chime-end': bells(CHIME_END, GAIN.chimeEnd),
  attention: bells(ATTENTION, GAIN.attention),
  'siren-wail': wail,
  'siren-two-tone': twoTone,
  pilot,
}

const FULL_SCALE = 32_767

const render = (voice: Voice, from: number, frames: number, out: Int16Array): void => {
  for (let index = 0; index < out.length; index += 1)
    out[index] = Math.round(FULL_SCALE * edge(from + index, frames, EDGE_FRAMES) * voice(from + index))
}

/** Fills `out` (mono, signed 16 bit) with the frames from `from` of a sound cut to or running for `frames` in all. */
export const renderSound = (sound: BuiltInSound, from: number, frames: number, out: Int16Array): void =>
  render(VOICES[sound], from, frames, out)

/** Periods since frame 0 of a sine that glides from one frequency to another in `frames`. */
const periods = (hz: number, toHz: number, frames: number): ((frame: number) => number) => {
  if (hz === toHz) return (frame) => (hz * frame) / FRAMES_PER_SECOND
  const octaves = Math.log(toHz / hz)
  const scale = (hz * frames) / (FRAMES_PER_SECOND * octaves)
  return (frame) => scale * Math.expm1((octaves * frame) / frames)
}

/** As `renderSound`: a sine of about -16 LUFS at mid frequencies, gliding to `toHz`. Both 20 to 20,000. */
export const renderTone = (
  { hz, toHz = hz }: { readonly hz: number; readonly toHz?: number },
  from: number,
  frames: number,
  out: Int16Array,
): void => {
  const at = periods(hz, toHz, frames)
  render((frame) => TONE_PEAK * sine(at(frame)), from, frames, out)
}
