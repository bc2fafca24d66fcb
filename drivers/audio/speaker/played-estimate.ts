/** What is known of a device that tells nothing: what it was handed, and when it took it. */
export type Handed = {
  /** When the first frame was handed over; undefined before. */
  readonly startNs: bigint | undefined
  /** Frames the device has taken. */
  readonly accepted: number
  /** The write under way: its frames, and since when the device has not taken them. */
  readonly inFlight: { readonly frames: number; readonly sinceNs: bigint } | undefined
}

/** A write that takes longer waits for room in the ring. */
const WAITING_NS = 10_000_000n
/** The ring is topped up at each interrupt, four to a ring. */
const PERIODS = 4
/** A line that runs ahead is held back by this share at most: a process that was held up looks like a full ring. */
const HOLD_BACK = 1e-3

/**
 * How many frames have left the device: a line from the first one at the nominal rate, kept within what the ring allows.
 * Frames taken beyond a full ring have left; while a write waits the ring is full to within a period.
 */
export class PlayedEstimate {
  readonly #rate: number
  readonly #ringFrames: number
  #shift = 0
  #lookedNs = 0n

  constructor(rate: number, ringFrames: number) {
    this.#rate = rate
    this.#ringFrames = ringFrames
  }

  reset(): void {
    this.#shift = 0
  }

  at(nowNs: bigint, { startNs, accepted, inFlight }: Handed): number {
    if (startNs === undefined) return 0
    const elapsed = nowNs - (this.#lookedNs > startNs ? this.#lookedNs : startNs)
    this.#lookedNs = nowNs
    const line = this.#framesIn(nowNs - startNs)
    this.#shift = Math.max(this.#shift, accepted - this.#ringFrames - line)
    if (inFlight === undefined || nowNs - inFlight.sinceNs < WAITING_NS) return line + this.#shift
    const most = Math.max(0, accepted + inFlight.frames - this.#ringFrames * (1 - 1 / PERIODS))
    const excess = line + this.#shift - most
    if (excess <= 0) return line + this.#shift
    this.#shift -= Math.min(excess, HOLD_BACK * this.#framesIn(elapsed))
    return most
  }

  #framesIn(ns: bigint): number {
    return (Number(ns) * this.#rate) / 1e9
  }
}
