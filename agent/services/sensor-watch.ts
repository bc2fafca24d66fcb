import { messageOf } from '../core/error.ts'
import { type Judged, judge } from '../core/sensor/limit.ts'
import { plausible, type Reading, type Readings, type SensorName, valuesOf } from '../core/sensor/reading.ts'
import type { Watch } from '../core/sensor/watches.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Sensors } from '../ports/sensors.ts'
import type { Facts } from '../ports/state-store.ts'
import type { Condition } from './condition.ts'

export type SensorWatchOptions = {
  readonly clock: Clock
  readonly sensors: Pick<Sensors, 'read' | 'tryCard'>
  readonly watches: readonly Watch[]
  readonly everyMs: number
  readonly facts: Facts
  readonly condition: Pick<Condition, 'says' | 'event'>
  readonly logger: Logger
}

const FACT = 'sensors.told'
const GONE = 'it was there and is gone'

/** Looks at the sensors again and again, and tells what they come to: once at each change, across restarts too. */
export class SensorWatch {
  readonly #options: SensorWatchOptions
  readonly #judged: Map<string, Judged>
  readonly #seen = new Set<SensorName>()
  #readings: Readings = {}
  #card: Reading

  constructor(options: SensorWatchOptions) {
    this.#options = options
    const told: readonly string[] = JSON.parse(options.facts.get(FACT) ?? '[]')
    // A board file that names a sensor no more takes with it what was told of it.
    const known = options.watches.map(({ source }) => source).filter((source) => told.includes(source))
    this.#judged = new Map(known.map((source) => [source, { bad: true }]))
  }

  /** As they were read last, in the units of the sensors. */
  get values(): Readonly<Partial<Record<SensorName, number>>> {
    return valuesOf(this.#readings)
  }

  /** Whether there is mains, as a charger says; undefined where none says so. */
  get mains(): boolean | undefined {
    const { mains } = this.values
    return mains === undefined ? undefined : mains === 1
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, everyMs } = this.#options
    while (!signal.aborted) {
      await this.look()
      await clock.sleep(everyMs, signal).catch(() => undefined)
    }
  }

  async look(): Promise<void> {
    const { clock, sensors, watches } = this.#options
    const read: Readings = { ...(await sensors.read()), card: this.#card }
    this.#readings = this.#complete(read)
    const now = clock.mono()
    for (const watch of watches) this.#judge(watch, now)
  }

  /** Once a night: cards forget, and a write that failed long ago is found too late. */
  async tryCard(): Promise<void> {
    const { sensors, logger } = this.#options
    this.#card = await sensors.tryCard()
    logger.info({ card: this.#card }, 'the disk of the state was tried')
    await this.look()
  }

  /** Nonsense and what was there before become faults. */
  #complete(read: Readings): Readings {
    const names = new Set([...this.#seen, ...(Object.keys(read) as SensorName[])])
    return Object.fromEntries(
      [...names].map((name) => {
        const reading = plausible(name, read[name])
        if (reading !== undefined && 'value' in reading && name !== 'card') this.#seen.add(name)
        return [name, reading ?? (this.#seen.has(name) ? { fault: GONE } : undefined)]
      }),
    )
  }

  #judge(watch: Watch, now: number): void {
    const { condition } = this.#options
    const { source, code, severity, limit } = watch
    const before = this.#judged.get(source) ?? { bad: false }
    const after = judge(before, watch.value(this.#readings), limit, now)
    this.#judged.set(source, after)
    if (!after.bad && !before.bad) return
    const message = watch.say(this.#readings)
    condition.says(source, after.bad ? { code, detail: message } : undefined)
    if (after.bad === before.bad) return
    const measured = watch.sensor && this.values[watch.sensor]
    const told = { source, ...(measured === undefined ? {} : { value: measured }) }
    if (after.bad) condition.event(code, severity, { ...told, state: 'fault', message })
    else condition.event(watch.endCode ?? code, 'info', { ...told, state: 'ok' })
    this.#remember()
  }

  #remember(): void {
    const { facts, logger } = this.#options
    const told = [...this.#judged].filter(([, { bad }]) => bad).map(([source]) => source)
    try {
      facts.set(FACT, JSON.stringify(told))
    } catch (error) {
      // Told once more after a restart: no reason to be silent about the next change.
      logger.warn({ error: messageOf(error) }, 'what sensors said is not kept')
    }
  }
}
