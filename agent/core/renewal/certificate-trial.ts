import type { MonoMs } from '../time.ts'

/** The pair of key and certificate that a connection is made with. */
export type Pair = 'held' | 'trial'

/** A connection that lasts so long has been let in. */
const LASTS_MS = 10_000
const AGAIN_AFTER_MS = 60_000
const MAX_REFUSALS = 3

/**
 * Whether the broker takes a new certificate. The pair held so far goes on connecting in between, so that the device is
 * never cut off; and only where that one gets in and the new one did not is it the fault of the new one, not of the network.
 */
export class CertificateTrial {
  #shown: Pair = 'held'
  #next: Pair = 'trial'
  #connectedAt: MonoMs | undefined
  /** The new one failed, and it is not known yet whether the held one gets in. */
  #isInDoubt = false
  #refusals = 0
  #againAt = Number.NEGATIVE_INFINITY
  #reason = ''

  /** Why the new certificate did not get in the last time. */
  get reason(): string {
    return this.#reason
  }

  /** For the connection that is about to be tried. */
  next(): Pair {
    this.#shown = this.#next
    return this.#shown
  }

  connected(now: MonoMs): void {
    this.#connectedAt = now
  }

  /** No connection came about, or one ended. */
  failed(reason: string, now: MonoMs): void {
    const lasted = this.#hasLasted(now)
    this.#connectedAt = undefined
    if (lasted) return
    const wasNew = this.#shown === 'trial'
    if (wasNew) this.#reason = reason
    this.#isInDoubt = wasNew
    this.#next = wasNew ? 'held' : 'trial'
  }

  /** Asked every second. `reconnect`: the new one is to be tried now. */
  look(now: MonoMs): 'wait' | 'reconnect' | 'taken' | 'refused' {
    if (this.#connectedAt === undefined) return 'wait'
    if (this.#shown === 'trial') return this.#hasLasted(now) ? 'taken' : 'wait'
    if (this.#isInDoubt) {
      if (!this.#hasLasted(now)) return 'wait'
      this.#isInDoubt = false
      this.#refusals += 1
      this.#againAt = now + AGAIN_AFTER_MS
    }
    if (this.#refusals >= MAX_REFUSALS) return 'refused'
    if (now < this.#againAt) return 'wait'
    this.#next = 'trial'
    this.#connectedAt = undefined
    return 'reconnect'
  }

  #hasLasted(now: MonoMs): boolean {
    return this.#connectedAt !== undefined && now - this.#connectedAt >= LASTS_MS
  }
}
