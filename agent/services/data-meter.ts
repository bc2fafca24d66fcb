import { inMonth, type Months, monthAt } from '../core/link/billing.ts'
import { bytesBetween, type Counters, remembered } from '../core/link/counting.ts'
import type { DataReport } from '../core/link/report.ts'
import type { Zone } from '../core/schedule/zone.ts'
import type { Problem } from '../core/status.ts'
import type { Clock } from '../ports/clock.ts'
import type { Links } from '../ports/links.ts'
import type { Facts } from '../ports/state-store.ts'
import type { Condition } from './condition.ts'
import type { TimeKeeper } from './time-keeper.ts'

export type DataMeterOptions = {
  readonly clock: Clock
  readonly time: Pick<TimeKeeper, 'state'>
  readonly zone: Zone
  readonly facts: Facts
  readonly links: Pick<Links, 'modemCounters'>
  readonly kernelBootId: string
  readonly billingDay: number
  /** MB of 1,000,000 bytes; undefined: there is no budget. */
  readonly monthlyMb: number | undefined
  readonly condition: () => Pick<Condition, 'event'>
}

/** What is kept of it, noted each minute. */
export const DATA_FACT = 'network.data'
/** Of a budget: told when it is reached, and when it is used up. */
const TOLD_PERCENT = [80, 100] as const
const COUNT_EVERY_MS = 60_000
/** Of a longer pause nobody knows whether a counter wrapped in it or began anew. */
const LONGEST_PAUSE_MS = 600_000
const MB = 1_000_000

type Kept = Months & {
  readonly boot: string
  readonly counters: Counters
  /** Percent of the budget that was told last in this month. */
  readonly told: number
}

/** Counts the bytes that go over modems in a billing month, across restarts, reboots and modems that are plugged in anew. */
export class DataMeter {
  readonly #options: DataMeterOptions
  #kept: Kept | undefined
  #countedAt: number | undefined

  constructor(options: DataMeterOptions) {
    this.#options = options
    this.#kept = keptIn(options.facts.get(DATA_FACT))
  }

  /** Undefined where no modem ever carried anything. */
  get report(): DataReport | undefined {
    if (this.#kept === undefined) return undefined
    const { monthlyMb } = this.#options
    const usedMb = Math.round(this.#kept.bytes / (MB / 10)) / 10
    return { since: this.#kept.from, usedMb, ...(monthlyMb === undefined ? {} : { monthlyMb }) }
  }

  get problems(): readonly Problem[] {
    const { report } = this
    if (report === undefined || this.#reached < TOLD_PERCENT[0]) return []
    const { usedMb, monthlyMb, since } = report
    return [{ code: 'DATA_BUDGET', detail: `${usedMb} of ${monthlyMb} MB since ${since}` }]
  }

  /** Called every second. */
  tick(): void {
    const now = this.#options.clock.mono()
    const elapsedMs = this.#countedAt === undefined ? COUNT_EVERY_MS : now - this.#countedAt
    if (elapsedMs < COUNT_EVERY_MS) return
    this.#countedAt = now
    this.#count(Math.min(elapsedMs, LONGEST_PAUSE_MS))
    this.#tell()
    this.#keep()
  }

  #count(elapsedMs: number): void {
    const { links, kernelBootId } = this.#options
    const counters = links.modemCounters()
    if (this.#kept === undefined && Object.keys(counters).length === 0) return
    const kept = this.#kept ?? this.#begun(counters)
    const before = kept.boot === kernelBootId ? kept.counters : {}
    const bytes = kept.bytes + bytesBetween(before, counters, elapsedMs)
    this.#kept = { ...kept, bytes, boot: kernelBootId, counters: remembered(before, counters) }
    this.#turnMonth()
  }

  /** Never counted before: what went over a modem until now belongs to nobody's month. */
  #begun(counters: Counters): Kept {
    const { kernelBootId } = this.#options
    return { from: this.#month, bytes: 0, boot: kernelBootId, counters, told: 0 }
  }

  get #month(): string {
    const { zone, clock, billingDay } = this.#options
    return monthAt(zone, clock.wall(), billingDay)
  }

  /** By a clock that is not set no month ends. */
  #turnMonth(): void {
    if (this.#kept === undefined || this.#options.time.state === 'unset') return
    const { from, bytes, before, boot, counters, told } = this.#kept
    const months = inMonth({ from, bytes, ...(before === undefined ? {} : { before }) }, this.#month)
    this.#kept = { ...months, boot, counters, told: months.from > from ? 0 : told }
  }

  /** Of what of the budget is used: the highest percentage that is told. */
  get #reached(): number {
    const { monthlyMb } = this.#options
    if (monthlyMb === undefined || this.#kept === undefined) return 0
    const percent = (100 * this.#kept.bytes) / (monthlyMb * MB)
    return TOLD_PERCENT.findLast((each) => percent >= each) ?? 0
  }

  /** Each once a month, across restarts too. */
  #tell(): void {
    const reached = this.#reached
    if (this.#kept === undefined || reached <= this.#kept.told) return
    this.#kept = { ...this.#kept, told: reached }
    this.#options.condition().event('DATA_BUDGET', 'warning', { percent: reached, ...this.report })
  }

  #keep(): void {
    if (this.#kept !== undefined) this.#options.facts.set(DATA_FACT, JSON.stringify(this.#kept))
  }
}

/** What nobody can read counts as nothing: counting begins anew. */
const keptIn = (text: string | undefined): Kept | undefined => {
  try {
    const kept: Partial<Kept> = JSON.parse(text ?? '{}')
    const { from, bytes, boot, counters, told = 0 } = kept
    if (from === undefined || bytes === undefined || boot === undefined || counters === undefined)
      return undefined
    return { ...kept, from, bytes, boot, counters, told }
  } catch {
    return undefined
  }
}
