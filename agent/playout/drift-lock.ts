import { FRAMES_PER_SECOND } from '../core/clip.ts'

/** What brings a piece nearer to its wall instants: a frame left out, one put in, or nothing. */
export type Correction = -1 | 0 | 1

const FRAMES_PER_MS = FRAMES_PER_SECOND / 1000
/** Corrections are at least this far apart: 10 ms, a fifth of a per cent of the pitch at the very most. */
const APART_FRAMES = FRAMES_PER_SECOND / 100
/** An error beyond this is no drift: the clock stepped, the device stood still, or the start was late. */
const DRIFT_FRAMES = FRAMES_PER_SECOND / 50
const TOLERATED_FRAMES = 1.5
/** Share of a measured error taken over in each 20 ms: positions of the device jitter. */
const SHARE = 0.1
const SHARE_FRAMES = FRAMES_PER_SECOND / 50
const LARGEST_SHARE = 0.5

/**
 * Keeps each frame of a piece at its wall instant although the crystal of the device runs at a rate of its own, so that
 * neighbours which play the same stay together. A piece that is further off goes on from where it is.
 */
export class DriftLock {
  readonly #wallMsOf: (frame: number) => number
  /** Wall time at which frame 0 of the piece was due. */
  #anchorMs = 0
  #lateFrames = 0
  #lookedAt = 0
  #correctedAt = Number.NEGATIVE_INFINITY
  /** Frames left out and put in since the beginning. */
  corrections = 0

  /** `wallMsOf`: wall time at which a frame of the device leaves it, in milliseconds with fractions. */
  constructor(wallMsOf: (frame: number) => number) {
    this.#wallMsOf = wallMsOf
  }

  /** The piece begins; its first frame was due at device frame `meant`, which need not be whole. */
  begin(meant: number): void {
    this.#anchorMs = this.#wallMsOf(meant)
    this.#lateFrames = 0
    this.#correctedAt = Number.NEGATIVE_INFINITY
  }

  /** What to do at device frame `at`, when `given` frames of the piece lie before it. */
  look(at: number, given: number): Correction {
    const late = (this.#wallMsOf(at) - this.#anchorMs) * FRAMES_PER_MS - given
    if (Math.abs(late) > DRIFT_FRAMES) {
      this.#anchorMs += late / FRAMES_PER_MS
      this.#lateFrames = 0
      return 0
    }
    const share = (SHARE * Math.abs(at - this.#lookedAt)) / SHARE_FRAMES
    this.#lookedAt = at
    this.#lateFrames += Math.min(share, LARGEST_SHARE) * (late - this.#lateFrames)
    if (Math.abs(at - this.#correctedAt) < APART_FRAMES) return 0
    if (Math.abs(this.#lateFrames) <= TOLERATED_FRAMES) return 0
    return this.#lateFrames > 0 ? -1 : 1
  }

  /** The correction was made, at device frame `at`. */
  made(at: number, correction: Correction): void {
    this.#lateFrames += correction
    this.#correctedAt = at
    this.corrections += 1
  }
}
