import { FRAMES_PER_SECOND } from '../clip.ts'
import { secondsAt, sine, type Voice } from './oscillator.ts'

export type Stroke = { readonly atSeconds: number; readonly hz: number; readonly level: number }

/** Partials of a struck bar: frequency ratio, strength, and how much faster than the ground tone it dies away. */
const PARTIALS = [
  { ratio: 1, strength: 1, decay: 1 },
  { ratio: 2, strength: 0.35, decay: 1.7 },
  { ratio: 3.01, strength: 0.18, decay: 2.6 },
  { ratio: 4.16, strength: 0.09, decay: 4 },
] as const

const ATTACK_SECONDS = 0.006
const RING_SECONDS = 3

const bar = (hz: number, age: number, decayPerSecond: number): number => {
  let sum = 0
  for (const { ratio, strength, decay } of PARTIALS)
    sum += strength * Math.exp(-age * decayPerSecond * decay) * sine(hz * ratio * age)
  return Math.min(1, age / ATTACK_SECONDS) * sum
}

/** Struck notes ringing into each other; the ground tone of each falls by 60 dB in about 3 s. */
export const bells =
  (strokes: readonly Stroke[], gain: number): Voice =>
  (frame) => {
    const now = secondsAt(frame)
    let sum = 0
    for (const { atSeconds, hz, level } of strokes) {
      const age = now - atSeconds
      if (age >= 0 && age < RING_SECONDS) sum += level * bar(hz, age, 2.3)
    }
    return gain * sum
  }

/** From the first stroke until the last has rung out. */
export const bellFrames = (strokes: readonly Stroke[]): number =>
  Math.round((Math.max(...strokes.map((stroke) => stroke.atSeconds)) + RING_SECONDS) * FRAMES_PER_SECOND)
