/** Share of a measured error taken over at once, and share of it taken for an error of the rate. */
const OFFSET_SHARE = 0.1
const RATE_SHARE = 0.0005
const SETTLED_SAMPLES = 10
/** Crystals of sound cards are within this of their rate; more is a fault of the measurement. */
const RATE_LIMIT = 500e-6
/** An error above this is no jitter: the device stopped or skipped. */
const JUMP_FRAMES = 960

/**
 * Says when each frame of the stream leaves the device, and which leaves when: a tracking filter over the positions the
 * device reports, because each report alone is off by scheduling and by whole periods of some cards.
 */
export class DeviceClock {
  readonly #nominal: number
  #samples = 0
  #frame = 0
  #ns = 0
  /** Frames per nanosecond. */
  #rate: number

  constructor(framesPerSecond: number) {
    this.#nominal = framesPerSecond / 1e9
    this.#rate = this.#nominal
  }

  /** The device stopped: what follows has a new beginning, at the same rate. */
  reset(): void {
    this.#samples = 0
  }

  /** The device was emptied and goes on: `frame` is the next to leave, at `ns` as far as can be said before it is asked. */
  restart(frame: number, ns: number): void {
    this.#anchor(frame, ns)
    this.reset()
  }

  /** What it said was not to be believed: nothing is known but that it stood at `frame` at `ns`. */
  forget(frame: number, ns: number): void {
    this.#rate = this.#nominal
    this.#anchor(frame, ns)
  }

  /** `frame` leaves at `ns` of the monotonic clock. */
  observe(frame: number, ns: number): void {
    const predicted = this.frameAt(ns)
    const error = frame - predicted
    if (this.#samples === 0 || Math.abs(error) > JUMP_FRAMES) {
      this.#anchor(frame, ns)
      return
    }
    this.#samples += 1
    const elapsed = ns - this.#ns
    this.#frame = predicted + error * Math.max(OFFSET_SHARE, 1 / this.#samples)
    this.#ns = ns
    if (this.#samples > SETTLED_SAMPLES && elapsed > 0)
      this.#rate = this.#limit(this.#rate + (RATE_SHARE * error) / elapsed)
  }

  frameAt(ns: number): number {
    return this.#frame + (ns - this.#ns) * this.#rate
  }

  nsOf(frame: number): number {
    return this.#ns + (frame - this.#frame) / this.#rate
  }

  #anchor(frame: number, ns: number): void {
    this.#samples = 1
    this.#frame = frame
    this.#ns = ns
  }

  #limit(rate: number): number {
    const off = Math.max(-RATE_LIMIT, Math.min(RATE_LIMIT, rate / this.#nominal - 1))
    return this.#nominal * (1 + off)
  }
}
