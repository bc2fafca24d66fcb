import { FRAMES_PER_SECOND } from '../core/clip.ts'

/** -60 dBFS. */
const QUIET = 32.768
const DEAD_AFTER_FRAMES = 20 * FRAMES_PER_SECOND

/** Counts how long what was decoded has been as good as silent. */
export class DeadAir {
  #frames = 0

  /** Hears the next samples and says whether the air has been dead for over 20 s; then it counts from the beginning. */
  hear(samples: Int16Array, channels: number): boolean {
    if (samples.some((sample) => Math.abs(sample) >= QUIET)) this.#frames = 0
    else this.#frames += samples.length / channels
    if (this.#frames <= DEAD_AFTER_FRAMES) return false
    this.#frames = 0
    return true
  }
}
