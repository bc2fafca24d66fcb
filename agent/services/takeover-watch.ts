import {
  afterEnding,
  afterForeignBirth,
  type Ending,
  type Takeover,
  type TakeoverSign,
  UNCONTESTED,
  untilContestedTry,
  whileHeld,
} from '../core/takeover.ts'
import type { MonoMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'

export type TakeoverWatchOptions = {
  readonly clock: Clock
  readonly random: () => number
  /** The sign of another client, when one is seen first and when it changes; undefined when our id is ours again. */
  readonly onChange: (sign: TakeoverSign | undefined) => void
}

/** Sees whether another client uses the id of this device, and slows reconnections down while one does. */
export class TakeoverWatch {
  readonly #options: TakeoverWatchOptions
  #state: Takeover = UNCONTESTED
  #since: MonoMs | undefined
  #url: string | undefined

  constructor(options: TakeoverWatchOptions) {
    this.#options = options
  }

  get contested(): boolean {
    return this.#state.sign !== undefined
  }

  /** Milliseconds to the next try; only while contested. */
  untilNextTry(): number {
    return untilContestedTry(this.#state, this.#options.random)
  }

  connected(url: string): void {
    this.#url = url
    this.#since = this.#options.clock.mono()
  }

  ended(ending: Ending): void {
    this.#become(afterEnding(this.#state, ending, this.#heldMs))
    this.#since = undefined
  }

  /** A try failed. A twin never keeps us from the broker that had us: whatever closes connections there, is none. */
  unreachable(url: string): void {
    if (url === this.#url) this.#become({ ...this.#state, short: 0 })
  }

  foreignBirth(): void {
    this.#become(afterForeignBirth(this.#state))
  }

  /** Called every second. */
  tick(): void {
    if (this.#since !== undefined) this.#become(whileHeld(this.#state, this.#heldMs))
  }

  get #heldMs(): number {
    return this.#since === undefined ? 0 : this.#options.clock.mono() - this.#since
  }

  #become(state: Takeover): void {
    const before = this.#state.sign
    this.#state = state
    if (state.sign !== before) this.#options.onChange(state.sign)
  }
}
