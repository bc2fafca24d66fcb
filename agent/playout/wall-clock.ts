import { type EpochMs, epochMs } from '../core/time.ts'

const NS_PER_MS = 1e6
const toMicroseconds = (ms: number): EpochMs => epochMs(Math.round(ms * 1000) / 1000)

/**
 * Wall and monotonic time side by side. The offset between them is that of the last `sample`, so that one turn sees one
 * time. The wall instants of sound are those at the ear, so to say: with what the board trims.
 */
export class WallClock {
  readonly #nowNs: () => number
  readonly #readOffset: () => number
  readonly #trimMs: number
  #offsetMs: number

  /**
   * `offsetMs`: wall time less monotonic time, in milliseconds with fractions. `trimMs`: how much later than it leaves the
   * device a sound counts as heard; latency counts up, a wanted delay down.
   */
  constructor(nowNs: () => number, offsetMs: () => number, trimMs: number) {
    this.#nowNs = nowNs
    this.#trimMs = trimMs
    this.#readOffset = offsetMs
    this.#offsetMs = offsetMs()
  }

  sample(): void {
    this.#offsetMs = this.#readOffset()
  }

  nowMs(): number {
    return this.#nowNs() / NS_PER_MS
  }

  /** Wall time now, to the microsecond. */
  wallNow(): EpochMs {
    return toMicroseconds(this.nowMs() + this.#offsetMs)
  }

  /** When a sound due at a wall instant must leave the device. */
  monoOf(wall: EpochMs): number {
    return wall - this.#offsetMs - this.#trimMs
  }

  /** The wall instant of a sound that leaves the device at a monotonic one, to the microsecond. */
  wallOf(monoMs: number): EpochMs {
    return toMicroseconds(monoMs + this.#offsetMs + this.#trimMs)
  }
}
