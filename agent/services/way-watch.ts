import { wayProblem } from '../core/link/outlook.ts'
import type { Way } from '../core/link/way.ts'
import type { Clock } from '../ports/clock.ts'
import type { Lookout } from '../ports/links.ts'
import type { Condition } from './condition.ts'

export type WayWatchOptions = {
  readonly clock: Clock
  readonly lookout: Lookout
  readonly connected: () => boolean
  readonly way: () => Way
  readonly condition: Pick<Condition, 'way'>
  readonly stop: AbortSignal
}

/** A broker that restarts is away for so long. */
const CUT_OFF_MS = 15_000
const LOOK_EVERY_MS = 60_000

/** Finds out why no broker is connected, where it is the network: asked only then, and once a minute. */
export class WayWatch {
  readonly #options: WayWatchOptions
  #lookAt: number | undefined
  #looking = false

  constructor(options: WayWatchOptions) {
    this.#options = options
  }

  /** Called every second. */
  tick(): void {
    const { clock, connected, condition, stop } = this.#options
    const now = clock.mono()
    if (connected()) {
      this.#lookAt = undefined
      condition.way(undefined)
      return
    }
    this.#lookAt ??= now + CUT_OFF_MS
    if (this.#looking || now < this.#lookAt || stop.aborted) return
    this.#lookAt = now + LOOK_EVERY_MS
    this.#looking = true
    void this.#look().finally(() => {
      this.#looking = false
    })
  }

  /** There is another way out: it is looked at soon. */
  newWay(): void {
    if (this.#lookAt !== undefined) this.#lookAt = this.#options.clock.mono() + CUT_OFF_MS
  }

  async #look(): Promise<void> {
    const { lookout, connected, way, condition, stop } = this.#options
    // Without any way out there is nothing to tell apart.
    const problem = way().bearer === 'none' ? undefined : wayProblem(await lookout.look(stop))
    if (!connected() && !stop.aborted) condition.way(problem)
  }
}
