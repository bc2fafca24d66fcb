import type { MonoMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'

/**
 * Components that must be heard of again and again, and the longest silence of each, in ms. Reports and records wait for
 * the broker: theirs is longer than it takes to find a half-open connection dead. Playout is watched by its own pings,
 * and what fetches and checks media may take hours over one file, within deadlines of its own.
 */
export const DEADLINES = { dispatch: 10_000, reports: 120_000, records: 180_000 } as const

export type Component = keyof typeof DEADLINES

/** Knows whether every component has shown within its deadline that it turns: only then is the watchdog fed. */
export class HealthMonitor {
  readonly #clock: Clock
  readonly #heard = new Map<Component, MonoMs>()

  constructor(clock: Clock) {
    this.#clock = clock
    for (const component of Object.keys(DEADLINES) as Component[]) this.#heard.set(component, clock.mono())
  }

  heard(component: Component): void {
    this.#heard.set(component, this.#clock.mono())
  }

  /** Components that have been silent for too long. */
  get silent(): readonly Component[] {
    const now = this.#clock.mono()
    return [...this.#heard]
      .filter(([component, at]) => now - at > DEADLINES[component])
      .map(([component]) => component)
  }
}
