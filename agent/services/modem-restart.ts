import { messageOf } from '../core/error.ts'
import type { Way } from '../core/link/way.ts'
import type { Clock } from '../ports/clock.ts'
import type { Modems } from '../ports/links.ts'
import type { Condition } from './condition.ts'

export type ModemRestartOptions = {
  readonly clock: Clock
  readonly modems: Pick<Modems, 'restart'>
  /** There is one, or was one since this start. */
  readonly hasModem: () => boolean
  readonly way: () => Way
  readonly connected: () => boolean
  readonly condition: () => Pick<Condition, 'event'>
  readonly stop: AbortSignal
}

/** Longer than a base station takes to come back, shorter than a night. */
const FIRST_MS = 10 * 60_000
const MOST_MS = 6 * 3_600_000

/**
 * Has the modem started anew when no broker was reached over it for ten minutes, again after twenty, and so on up to six
 * hours: modems hang for good, and nobody is there to pull the plug. Where something else carries the way out it is left
 * alone.
 */
export class ModemRestart {
  readonly #options: ModemRestartOptions
  #cutOffSince: number | undefined
  #waitMs = FIRST_MS
  #restarts = 0

  constructor(options: ModemRestartOptions) {
    this.#options = options
  }

  /** Since a broker was connected last. */
  get restarts(): number {
    return this.#restarts
  }

  /** Called every second. */
  tick(): void {
    const { clock, connected, hasModem, way } = this.#options
    if (connected()) {
      this.#waitMs = FIRST_MS
      this.#restarts = 0
    }
    const { bearer } = way()
    if (connected() || !hasModem() || (bearer !== 'cellular' && bearer !== 'none')) {
      this.#cutOffSince = undefined
      return
    }
    const now = clock.mono()
    this.#cutOffSince ??= now
    if (now - this.#cutOffSince < this.#waitMs) return
    this.#cutOffSince = now
    this.#waitMs = Math.min(MOST_MS, 2 * this.#waitMs)
    this.#restarts += 1
    void this.#restart(this.#restarts)
  }

  async #restart(restarts: number): Promise<void> {
    const { modems, condition, stop } = this.#options
    const failure = await modems.restart(stop).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    )
    if (stop.aborted) return
    condition().event('MODEM', failure === undefined ? 'info' : 'warning', {
      source: 'restart',
      restarts,
      ...(failure === undefined ? {} : { message: failure }),
    })
  }
}
