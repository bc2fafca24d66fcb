import { messageOf } from '../core/error.ts'
import {
  LEARNED_OF,
  type LineLoad,
  type LineState,
  lineState,
  newLine,
  shareOf,
  withSample,
} from '../core/line/load.ts'
import { type Judged, judge, type Limit } from '../core/sensor/limit.ts'
import { type Reading, valueIn } from '../core/sensor/reading.ts'
import type { LineConfig } from '../core/sensor-configuration.ts'
import type { LineReport } from '../core/status.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { PlayoutReport } from '../ports/playout.ts'
import type { Sensors } from '../ports/sensors.ts'
import type { Facts } from '../ports/state-store.ts'
import type { Condition } from './condition.ts'

export type LineWatchOptions = {
  readonly clock: Clock
  /** Amplifiers whose line is watched. */
  readonly lines: readonly { readonly id: string; readonly line: LineConfig }[]
  readonly sensors: Pick<Sensors, 'channel'>
  readonly facts: Facts
  readonly condition: Pick<Condition, 'amplifiers' | 'says' | 'event'>
  readonly logger: Logger
}

/** What outlives a restart; written when something is learned or told, and never else. */
type Remembered = {
  /** Which channel it was learned of: another one has another load. */
  readonly source: string
  readonly learned?: number
  readonly told: LineState
}

type Watched = {
  readonly id: string
  readonly config: LineConfig
  load: LineLoad
  /** Read while the relay is open, the newest last. */
  readonly rest: number[]
  fault: string | undefined
  faulty: Judged
}

const FACT = 'lines'
/** How often what flows at rest is read. */
const REST_EVERY_MS = 60_000
const REST_KEPT = 5
/** Converters answer now and then what nobody understands: it has to last. */
const FAULT: Limit = { at: 1, back: 0, holdMs: 3000, calmMs: 60_000 }

const sourceOf = ({ driver, device, channel }: LineConfig): string => `${driver} ${device} ${channel}`
const median = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/**
 * Learns how much current each loudspeaker line takes for what is sent, and tells when it takes far less or far more. It
 * suspects and reports: a broadcast goes on whatever it finds.
 */
export class LineWatch {
  readonly #options: LineWatchOptions
  readonly #watched: readonly Watched[]
  readonly #told: Map<string, Remembered>
  #busy = false

  constructor(options: LineWatchOptions) {
    this.#options = options
    const remembered: Readonly<Record<string, Remembered>> = JSON.parse(options.facts.get(FACT) ?? '{}')
    this.#told = new Map(Object.entries(remembered))
    this.#watched = options.lines.map(({ id, line }) => {
      const known = this.#told.get(id)
      const same = known?.source === sourceOf(line) ? known : undefined
      const load = newLine(same?.learned, same?.told ?? 'learning')
      return { id, config: line, load, rest: [], fault: undefined, faulty: { bad: false } }
    })
    for (const watched of this.#watched) this.#tell(watched)
  }

  get reports(): Readonly<Record<string, LineReport>> {
    return Object.fromEntries(this.#watched.map((watched) => [watched.id, reportOf(watched)]))
  }

  /** Undefined where the line is not watched. */
  reportOf(id: string): LineReport | undefined {
    return this.reports[id]
  }

  /** Forgets what was learned of a line: something was changed on it. False where it is not watched. */
  learnAnew(id: string): boolean {
    const watched = this.#watched.find((each) => each.id === id)
    if (watched === undefined) return false
    watched.load = newLine(undefined, 'learning')
    this.#tell(watched)
    return true
  }

  /** Runs until aborted: what flows at rest, and whether the channel is there at all. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#watched.length === 0) return
    while (!signal.aborted) {
      await this.#each((watched, value) => {
        if (this.#options.condition.amplifiers[watched.id] !== 'off') return
        watched.rest.push(value)
        watched.rest.splice(0, watched.rest.length - REST_KEPT)
      })
      await this.#options.clock.sleep(REST_EVERY_MS, signal).catch(() => undefined)
    }
  }

  /** What playout reports. Resolves when a sample that it led to was taken; nobody has to wait for that. */
  async report(report: PlayoutReport): Promise<void> {
    if (report.kind !== 'progress') return
    const { peakDb } = report
    await this.#each((watched, value) => {
      const rest = median(watched.rest)
      if (rest === undefined || this.#options.condition.amplifiers[watched.id] !== 'on') return
      watched.load = withSample(watched.load, value - rest, peakDb, watched.config)
      this.#tell(watched)
    })
  }

  /** Reads every channel, one after the other; a round that is due while one is under way is passed over. */
  async #each(take: (watched: Watched, value: number) => void): Promise<void> {
    if (this.#busy || this.#watched.length === 0) return
    this.#busy = true
    try {
      for (const watched of this.#watched) {
        const reading = await this.#options.sensors.channel(watched.config)
        this.#judgeReading(watched, reading)
        const value = valueIn(reading)
        if (value !== undefined) take(watched, value)
      }
    } finally {
      this.#busy = false
    }
  }

  #judgeReading(watched: Watched, reading: Reading): void {
    const { clock, condition } = this.#options
    const fault = reading !== undefined && 'fault' in reading ? reading.fault : undefined
    watched.fault = fault ?? watched.fault
    const before = watched.faulty
    watched.faulty = judge(before, fault === undefined ? 0 : 1, FAULT, clock.mono())
    const source = `sensor line ${watched.id}`
    const message = `line of ${watched.id}: ${watched.fault ?? ''}`
    condition.says(source, watched.faulty.bad ? { code: 'SENSOR', detail: message } : undefined)
    if (watched.faulty.bad === before.bad) return
    if (watched.faulty.bad) condition.event('SENSOR', 'warning', { source, state: 'fault', message })
    else condition.event('SENSOR', 'info', { source, state: 'ok' })
  }

  /** Events are told of the two states that somebody has to see to, and of their end. */
  #tell({ id, config, load }: Watched): void {
    const { condition } = this.#options
    const state = lineState(load)
    const words = `${id}: ${wordsOf(state, percentOf(load))}`
    condition.says(`line ${id}`, isSuspect(state) ? { code: 'SPEAKER_LINE', detail: words } : undefined)
    const { learned } = load
    const now = { source: sourceOf(config), told: state, ...(learned === undefined ? {} : { learned }) }
    const before = this.#told.get(id)
    if (JSON.stringify(before) === JSON.stringify(now)) return
    if (before?.told !== state && (isSuspect(state) || isSuspect(before?.told))) {
      const data = { source: `amplifier ${id}`, line: state, ...loadOf(load) }
      if (isSuspect(state))
        condition.event('SPEAKER_LINE', 'warning', { ...data, state: 'fault', message: words })
      else condition.event('SPEAKER_LINE', 'info', { ...data, state: 'ok' })
    }
    this.#told.set(id, now)
    this.#remember()
  }

  #remember(): void {
    const { facts, logger } = this.#options
    try {
      facts.set(FACT, JSON.stringify(Object.fromEntries(this.#told)))
    } catch (error) {
      logger.warn({ error: messageOf(error) }, 'what was learned of the lines is not kept')
    }
  }
}

const isSuspect = (state: LineState | undefined): boolean => state === 'open' || state === 'short'

const percentOf = (load: LineLoad): number | undefined => {
  const share = shareOf(load)
  return share === undefined ? undefined : Math.round(100 * share)
}
const loadOf = (load: LineLoad): Pick<LineReport, 'loadPercent'> => {
  const loadPercent = percentOf(load)
  return loadPercent === undefined ? {} : { loadPercent }
}
const wordsOf = (state: LineState, percent: number | undefined): string =>
  percent === undefined ? `${state} suspected` : `${state} suspected, ${percent} % of the learned load`

const reportOf = ({ load, faulty }: Watched): LineReport => {
  if (faulty.bad) return { state: 'fault' }
  const state = lineState(load)
  return state === 'learning'
    ? { state, learnedPercent: Math.floor((100 * load.loads.length) / LEARNED_OF) }
    : { state, ...loadOf(load) }
}
