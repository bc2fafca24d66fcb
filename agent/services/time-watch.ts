import { clockStep } from '../core/clock/clock-state.ts'
import type { ClockState } from '../core/records.ts'
import type { EpochMs, MonoMs } from '../core/time.ts'
import type { KeySet } from '../core/trust/key-set.ts'
import type { Clock } from '../ports/clock.ts'
import type { TimeKeeper } from './time-keeper.ts'

type Look = { readonly wall: EpochMs; readonly mono: MonoMs; readonly state: ClockState }

/** Notices what of time changes how documents are judged: the clock's state, a step, a key that comes into its dates. */
export class TimeWatch {
  readonly #look: () => Look
  #last: Look

  constructor(clock: Clock, time: Pick<TimeKeeper, 'state'>) {
    this.#look = () => ({ wall: clock.wall(), mono: clock.mono(), state: time.state })
    this.#last = this.#look()
  }

  /** Whether anything of it changed since this was asked last. */
  changed(keySets: readonly KeySet[]): boolean {
    const before = this.#last
    const now = this.#look()
    this.#last = now
    if (now.state !== before.state || clockStep(before, now) !== undefined) return true
    return keySets
      .flatMap((keys) => [...keys.values()])
      .some(({ grants }) =>
        grants.some(({ nbf }) => Date.parse(nbf) > before.wall && Date.parse(nbf) <= now.wall),
      )
  }
}
