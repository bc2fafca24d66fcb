import type { AsRun } from '../core/arbiter/programme.ts'
import { afterProgramme, NO_TREND, type Trend, type TrendReport, trendReport } from '../core/hearing/trend.ts'
import type { Facts } from '../ports/state-store.ts'
import type { Condition } from './condition.ts'

const FACT = 'hearing.trend'

/** How well the last programmes were heard; says so when nothing comes out any more, across restarts too. */
export class HearingTrend {
  readonly #condition: Condition
  readonly #facts: Facts
  #trend: Trend

  constructor(condition: Condition, facts: Facts) {
    this.#condition = condition
    this.#facts = facts
    this.#trend = JSON.parse(facts.get(FACT) ?? JSON.stringify(NO_TREND))
    this.#stand()
  }

  get report(): TrendReport | undefined {
    return trendReport(this.#trend)
  }

  /** A programme has its record. One whose relay did not close says nothing of the speakers. */
  recorded({ heard, relay }: AsRun): void {
    if (heard === undefined || relay === false) return
    const before = this.#trend
    this.#trend = afterProgramme(before, heard.score)
    this.#facts.set(FACT, JSON.stringify(this.#trend))
    if (this.#trend.silent !== before.silent) this.#tell()
    this.#stand()
  }

  #tell(): void {
    const { silent, recent } = this.#trend
    const data = { source: 'hearing', state: silent ? 'fault' : 'ok', heard: recent.at(-1) ?? 0 }
    this.#condition.event('NOT_HEARD', silent ? 'alarm' : 'info', data)
  }

  #stand(): void {
    const { silent, recent } = this.#trend
    this.#condition.hearing(
      silent ? `of the last one ${Math.round(100 * (recent.at(-1) ?? 0))} %` : undefined,
    )
  }
}
