import {
  type ClockMemory,
  clockStep,
  isTrustedClock,
  judgeClock,
  raiseByIat,
  startingMemory,
} from '../core/clock/clock-state.ts'
import type { ClockState } from '../core/records.ts'
import { type EpochMs, epochMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Facts } from '../ports/state-store.ts'
import type { TimeQuality } from '../ports/time-quality.ts'

export type TimeKeeperOptions = {
  readonly clock: Clock
  readonly quality: TimeQuality
  readonly facts: Facts
  /** `clock` of the board file. */
  readonly boardClock: 'rtc' | 'none' | 'trusted'
  readonly release: EpochMs
  readonly kernelBootId: string
}

const SAVE_EVERY_MS = 60_000
const FACT = { floor: 'clock.floor', lastSynced: 'clock.last-synced', boot: 'clock.synced-boot' } as const

/** Judges the wall clock and remembers, across restarts, what time it cannot be before. */
export class TimeKeeper {
  readonly #options: TimeKeeperOptions
  #memory: ClockMemory
  #state: ClockState = 'unset'
  #offsetMs = 0
  #savedAt = Number.NEGATIVE_INFINITY
  #last: { readonly wall: EpochMs; readonly mono: number }

  constructor(options: TimeKeeperOptions) {
    this.#options = options
    const { facts, clock, release, kernelBootId } = options
    const floor = savedTime(facts.get(FACT.floor))
    const lastSynced = savedTime(facts.get(FACT.lastSynced))
    this.#memory = startingMemory(release, {
      ...(floor === undefined ? {} : { floor }),
      ...(lastSynced === undefined ? {} : { lastSynced }),
      syncedThisBoot: facts.get(FACT.boot) === kernelBootId,
    })
    this.#last = { wall: clock.wall(), mono: clock.mono() }
    this.update()
  }

  get state(): ClockState {
    return this.#state
  }

  get offsetMs(): number {
    return this.#offsetMs
  }

  get floor(): EpochMs {
    return this.#memory.floor
  }

  /** Reads the clock anew; answers with the step since the last reading, in milliseconds, if there was one. */
  update(): number | undefined {
    const { clock, quality, boardClock } = this.#options
    const now = { wall: clock.wall(), mono: clock.mono() }
    const { synchronised, offsetMs, uptimeMs, hasRtc } = quality.read()
    const trusted = isTrustedClock(boardClock, hasRtc)
    const judged = judgeClock(this.#memory, { wall: now.wall, synchronised, uptimeMs, trusted })
    this.#memory = judged.memory
    this.#state = judged.state
    this.#offsetMs = offsetMs
    const step = clockStep(this.#last, now)
    this.#last = now
    if (step !== undefined || now.mono - this.#savedAt >= SAVE_EVERY_MS) this.#save(now.mono)
    return step
  }

  /** The `iat` of an accepted signed document: time is not before it. */
  witness(iat: EpochMs): void {
    this.#memory = raiseByIat(this.#memory, iat, this.#options.clock.wall())
  }

  #save(mono: number): void {
    const { facts, kernelBootId } = this.#options
    const { floor, lastSynced, syncedThisBoot } = this.#memory
    facts.set(FACT.floor, String(floor))
    if (lastSynced !== undefined) facts.set(FACT.lastSynced, String(lastSynced))
    if (syncedThisBoot) facts.set(FACT.boot, kernelBootId)
    this.#savedAt = mono
  }
}

const savedTime = (text: string | undefined): EpochMs | undefined => {
  const value = text === undefined ? Number.NaN : Number(text)
  return Number.isFinite(value) ? epochMs(value) : undefined
}
