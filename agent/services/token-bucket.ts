import type { Clock } from '../ports/clock.ts'

/** So many at once, and then one every so often. */
export class TokenBucket {
  readonly #clock: Pick<Clock, 'mono'>
  readonly #size: number
  readonly #everyMs: number
  #tokens: number
  #filledAt: number

  constructor(clock: Pick<Clock, 'mono'>, size: number, everyMs: number) {
    this.#clock = clock
    this.#size = size
    this.#everyMs = everyMs
    this.#tokens = size
    this.#filledAt = clock.mono()
  }

  /** False when there is none left for now. */
  take(): boolean {
    const now = this.#clock.mono()
    this.#tokens = Math.min(this.#size, this.#tokens + (now - this.#filledAt) / this.#everyMs)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
