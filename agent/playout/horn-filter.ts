import { FRAMES_PER_SECOND } from '../core/clip.ts'
import type { HornFilterConfig } from '../core/configuration.ts'
import type { SoundFilter } from './rewindable.ts'

/** Feed-forward b0 b1 b2 and feedback a1 a2 of a section with a0 = 1. */
type Section = readonly [number, number, number, number, number]

const BUTTERWORTH_Q = Math.SQRT1_2
const PRESENCE_HZ = 3000
const PRESENCE_Q = 0.9

/** @see Audio EQ Cookbook, high-pass filter */
const highPass = (hz: number): Section => {
  const w = (2 * Math.PI * hz) / FRAMES_PER_SECOND
  const alpha = Math.sin(w) / (2 * BUTTERWORTH_Q)
  const cos = Math.cos(w)
  const a0 = 1 + alpha
  const b = (1 + cos) / 2 / a0
  return [b, -2 * b, b, (-2 * cos) / a0, (1 - alpha) / a0]
}

/** @see Audio EQ Cookbook, peaking equaliser */
const peaking = (hz: number, q: number, db: number): Section => {
  const w = (2 * Math.PI * hz) / FRAMES_PER_SECOND
  const root = 10 ** (db / 40)
  const alpha = Math.sin(w) / (2 * q)
  const twist = -2 * Math.cos(w)
  const a0 = 1 + alpha / root
  return [(1 + alpha * root) / a0, twist / a0, (1 - alpha * root) / a0, twist / a0, (1 - alpha / root) / a0]
}

/** Takes out what a horn cannot radiate and raises what makes speech clear. */
class HornFilter implements SoundFilter {
  readonly headroomDb: number
  readonly #channels: number
  readonly #sections: readonly Section[]
  readonly #scale: number
  /** Two numbers a section and channel. */
  readonly #state: Float64Array

  constructor(sections: readonly Section[], headroomDb: number, channels: number) {
    this.#sections = sections
    this.headroomDb = headroomDb
    this.#scale = 10 ** (-headroomDb / 20)
    this.#channels = channels
    this.#state = new Float64Array(2 * channels * sections.length)
  }

  apply(samples: Int16Array): void {
    for (let index = 0; index < samples.length; index += 1) {
      let value = (samples[index] ?? 0) * this.#scale
      let at = 2 * this.#sections.length * (index % this.#channels)
      for (const [b0, b1, b2, a1, a2] of this.#sections) {
        const out = b0 * value + (this.#state[at] ?? 0)
        this.#state[at] = b1 * value - a1 * out + (this.#state[at + 1] ?? 0)
        this.#state[at + 1] = b2 * value - a2 * out
        value = out
        at += 2
      }
      samples[index] = Math.max(-32_767, Math.min(32_767, Math.round(value)))
    }
  }
}

/** The filter of one piece; undefined where the board asks for none. */
export const createHornFilter = (
  { highPassHz, presenceDb = 0 }: HornFilterConfig,
  channels: number,
): SoundFilter | undefined => {
  const sections = [
    ...(highPassHz === undefined ? [] : [highPass(highPassHz)]),
    ...(presenceDb === 0 ? [] : [peaking(PRESENCE_HZ, PRESENCE_Q, presenceDb)]),
  ]
  return sections.length === 0 ? undefined : new HornFilter(sections, Math.max(0, presenceDb), channels)
}
