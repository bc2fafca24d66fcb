import {
  type OptionalPart,
  SAFE_MODE_MS,
  type SafeModeReport,
  type StartMode,
  SURVIVED_AFTER_MS,
} from '../core/safe-mode.ts'
import type { Problem } from '../core/status.ts'
import { epochMs, isoUtc } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'

export type StartWatchOptions = {
  readonly clock: Clock
  readonly mode: StartMode
  /** This start went well. */
  readonly onSurvived: () => void
  /** Something sounds: no time to start again. */
  readonly sounding: () => boolean
  /** Safe mode is over: the agent is to be stopped in order and started again. */
  readonly restart: () => void
}

/** Sees a start through: notes that it was survived, and ends safe mode. */
export class StartWatch {
  readonly #options: StartWatchOptions
  readonly #safeUntil: number
  #survivedAt = Number.POSITIVE_INFINITY

  constructor(options: StartWatchOptions) {
    this.#options = options
    this.#safeUntil =
      options.mode.kind === 'safe' ? options.clock.mono() + SAFE_MODE_MS : Number.POSITIVE_INFINITY
  }

  runs(part: OptionalPart): boolean {
    const { mode } = this.#options
    return mode.kind === 'normal' || !mode.off.includes(part)
  }

  /** Undefined in a normal start. */
  get report(): SafeModeReport | undefined {
    const { clock, mode } = this.#options
    if (mode.kind === 'normal') return undefined
    const { part, off } = mode
    const until = isoUtc(epochMs(clock.wall() + Math.max(0, this.#safeUntil - clock.mono())))
    return { ...(part === undefined ? {} : { part }), off, until }
  }

  get problems(): readonly Problem[] {
    const { report } = this
    if (report === undefined) return []
    const why = report.part === undefined ? 'nobody knows which part fails' : `${report.part} fails`
    return [{ code: 'SAFE_MODE', detail: `${why}; off: ${report.off.join(', ')}; until ${report.until}` }]
  }

  ready(): void {
    this.#survivedAt = this.#options.clock.mono() + SURVIVED_AFTER_MS
  }

  /** Called every second. */
  tick(): void {
    const { clock, onSurvived, sounding, restart } = this.#options
    const now = clock.mono()
    if (now >= this.#survivedAt) {
      this.#survivedAt = Number.POSITIVE_INFINITY
      onSurvived()
    }
    if (now >= this.#safeUntil && !sounding()) restart()
  }
}
