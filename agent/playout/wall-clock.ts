import { type EpochMs, epochMs } from '../core/time.ts'

const NS_PER_MS = 1e6

/** Wall and monotonic time side by side. The offset between them is that of the last `sample`, so that one turn sees one time. */
export class WallClock {
  readonly #nowNs: () => number
  readonly #readOffset: () => number
  #offsetMs: number

  /** `offsetMs`: wall time less monotonic time, in milliseconds with fractions. */
  constructor(nowNs: () => number, offsetMs: () => number) {
    this.#nowNs = nowNs
    this.#readOffset = offsetMs
    this.#offsetMs = offsetMs()
  }

  sample(): void {
    this.#offsetMs = this.#readOffset()
  }

  nowMs(): number {
    return this.#nowNs() / NS_PER_MS
  }

  monoOf(wall: EpochMs): number {
    return wall - this.#offsetMs
  }

  /** Wall time of a monotonic instant, to the microsecond. */
  wallOf(monoMs: number): EpochMs {
    return epochMs(Math.round((monoMs + this.#offsetMs) * 1000) / 1000)
  }
}
