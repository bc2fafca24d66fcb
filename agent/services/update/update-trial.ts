import { LoaError } from '../../core/error.ts'
import type { TrialRelease } from '../../core/update/slots.ts'
import { ANSWER_WITHIN_MS, askUpdater, type RequestParts } from './requests.ts'
import { type TrialParts, TrialWatch } from './trial-watch.ts'

export type UpdateTrialParts = RequestParts &
  TrialParts & {
    readonly sounding: () => boolean
    readonly fail: (error: unknown) => void
  }

/** What sounds is not cut for a release that is to go, unless it goes on and on. */
const SILENCE_WITHIN_MS = 30 * 60_000
const LOOK_EVERY_MS = 1000
/** So long a reason as the updater keeps. */
const MOST_REASON = 500

/** The trial of the release that runs: it is kept, or says why not and ends. */
export class UpdateTrial {
  readonly #parts: UpdateTrialParts
  readonly #trial: TrialRelease
  readonly #told: (why: string | undefined) => void

  constructor(parts: UpdateTrialParts, trial: TrialRelease, told: (why: string | undefined) => void) {
    this.#parts = parts
    this.#trial = trial
    this.#told = told
  }

  /** Until it is committed. @throws the signal's reason: also when it has to go, for the agent ends then */
  async run(signal: AbortSignal): Promise<void> {
    this.#told(undefined)
    const verdict = await new TrialWatch(this.#parts, this.#trial.before).run(this.#told, signal)
    if (verdict.kind === 'well') await this.#commit(signal)
    else await this.#giveUp(verdict.reason, signal)
  }

  /** Without an answer it is asked again: until it is committed, each start counts against it. */
  async #commit(signal: AbortSignal): Promise<void> {
    for (;;) {
      const slots = await askUpdater(this.#parts, { op: 'commit' }, ANSWER_WITHIN_MS, signal)
      if (slots !== undefined && slots.committed.version === this.#trial.version) return
      this.#told(`the updater does not commit it: ${slots?.last?.message ?? 'no answer'}`)
      await this.#parts.clock.sleep(ANSWER_WITHIN_MS, signal)
    }
  }

  async #giveUp(reason: string, signal: AbortSignal): Promise<void> {
    const { clock, sounding, fail } = this.#parts
    this.#told(reason)
    const until = clock.mono() + SILENCE_WITHIN_MS
    while (sounding() && clock.mono() < until) await clock.sleep(LOOK_EVERY_MS, signal)
    const sick = { op: 'sick', reason: reason.slice(0, MOST_REASON) } as const
    await askUpdater(this.#parts, sick, ANSWER_WITHIN_MS, signal)
    fail(new LoaError('UPDATE', `${this.#trial.version} is on trial and not well: ${reason}`))
    // The agent ends: nothing more is done here.
    for (;;) await clock.sleep(LOOK_EVERY_MS, signal)
  }
}
