import { FRAMES_PER_SECOND } from '../core/clip.ts'

/** -60 dBFS. */
const QUIET = 32.768
/** A source that had sound until then. */
const GONE_AFTER_FRAMES = 3 * FRAMES_PER_SECOND
/** One that never had any: where the air is dead everywhere, changing in haste helps nobody. */
const DEAD_AFTER_FRAMES = 20 * FRAMES_PER_SECOND

/** Counts how long what was decoded has been as good as silent. */
export class DeadAir {
  #frames = 0
  #sounded = false

  /** Hears the next samples and says whether the air has been dead for too long; then it counts from the beginning. */
  hear(samples: Int16Array, channels: number): boolean {
    const last = samples.findLastIndex((sample) => Math.abs(sample) >= QUIET)
    if (last >= 0) this.#sounded = true
    this.#frames =
      last >= 0 ? (samples.length - 1 - last) / channels : this.#frames + samples.length / channels
    if (this.#frames <= (this.#sounded ? GONE_AFTER_FRAMES : DEAD_AFTER_FRAMES)) return false
    this.#frames = 0
    this.#sounded = false
    return true
  }
}
