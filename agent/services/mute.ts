import { LoaError } from '../core/error.ts'
import type { EpochMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Playout } from '../ports/playout.ts'
import type { Facts } from '../ports/state-store.ts'
import { CountedFact } from './counted-fact.ts'
import type { PlayService } from './play.ts'
import type { TimeKeeper } from './time-keeper.ts'

export type MuteOptions = {
  readonly clock: Clock
  readonly time: Pick<TimeKeeper, 'state'>
  readonly facts: Facts
  readonly playout: Pick<Playout, 'mute'>
  readonly play: Pick<PlayService, 'apply'>
  readonly logger: Logger
  /** What was kept silent may sound. */
  readonly onUnmuted: () => void
}

/** What is remembered of a mute that ends by itself: what was left of it at an instant, if that was known. */
type Note = { readonly leftMs?: number; readonly at?: EpochMs }

const FACT = 'mute'
const SAVE_EVERY_MS = 30_000

/**
 * Silence until it is lifted. Its seconds are counted on the monotonic clock, so that a step of the wall clock neither
 * shortens nor prolongs them; time in which the agent did not run counts where the clock was set before and after.
 * Never is a device silent for longer than so many seconds of running time.
 */
export class Mute {
  readonly #options: MuteOptions
  readonly #fact: CountedFact<Note>
  #endsAt = Number.POSITIVE_INFINITY
  #savedAt = Number.NEGATIVE_INFINITY

  constructor(options: MuteOptions) {
    this.#options = options
    this.#fact = new CountedFact(options.facts, FACT)
  }

  get on(): boolean {
    return this.#fact.value !== undefined
  }

  /** Once, before anything may sound: a mute of before the restart holds. */
  begin(): void {
    const note = this.#fact.value
    if (note === undefined) return
    const { clock } = this.#options
    const awayMs = note.at === undefined || !this.#knowsTime ? 0 : Math.max(0, clock.wall() - note.at)
    if (note.leftMs !== undefined) this.#endsAt = clock.mono() + note.leftMs - awayMs
    this.#silence()
    this.tick()
  }

  /**
   * Silent at once; a second order replaces the first. Without `seconds` until it is lifted.
   * @throws DISK_FULL, DATABASE, IO when it holds but is not stored
   */
  mute(seconds?: number): void {
    const { clock, logger } = this.#options
    this.#endsAt = seconds === undefined ? Number.POSITIVE_INFINITY : clock.mono() + seconds * 1000
    this.#silence()
    logger.warn({ seconds }, 'muted')
    this.#save()
  }

  /** Says whether anything was muted. @throws DISK_FULL, DATABASE, IO when it is lifted but that is not stored */
  lift(): boolean {
    if (!this.on) return false
    const { clock, playout, play, logger, onUnmuted } = this.#options
    this.#endsAt = Number.POSITIVE_INFINITY
    playout.mute(false)
    play.apply({ kind: 'mute', at: clock.wall(), on: false })
    logger.warn({}, 'no longer muted')
    onUnmuted()
    this.#fact.set(undefined)
    return true
  }

  /** Called every second: ends what has run out, and notes what is left. */
  tick(): void {
    if (!this.on) return
    const now = this.#options.clock.mono()
    if (now >= this.#endsAt) this.#storing(() => this.lift())
    else if (this.#endsAt < Number.POSITIVE_INFINITY && now - this.#savedAt >= SAVE_EVERY_MS)
      this.#storing(() => this.#save())
  }

  /** An orderly stop. */
  close(): void {
    if (this.on && this.#endsAt < Number.POSITIVE_INFINITY) this.#storing(() => this.#save())
  }

  get #knowsTime(): boolean {
    return this.#options.time.state !== 'unset'
  }

  /** Silence before any disk: playout first, which opens the relays. */
  #silence(): void {
    const { clock, playout, play } = this.#options
    playout.mute(true)
    play.apply({ kind: 'mute', at: clock.wall(), on: true })
  }

  #save(): void {
    const { clock } = this.#options
    this.#savedAt = clock.mono()
    const endless = this.#endsAt === Number.POSITIVE_INFINITY
    this.#fact.set({
      ...(endless ? {} : { leftMs: Math.max(0, this.#endsAt - clock.mono()) }),
      ...(endless || !this.#knowsTime ? {} : { at: clock.wall() }),
    })
  }

  /** A disk that takes nothing costs the memory of it, not the agent. */
  #storing(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof LoaError)) throw error
      this.#options.logger.warn({ code: error.code }, 'the mute was not stored as it is')
    }
  }
}
