import type { BeforeTrial } from '../../core/update/slots.ts'
import { lookAtTrial, type TrialLook, type TrialMemory, type TrialVerdict } from '../../core/update/trial.ts'
import type { Clock } from '../../ports/clock.ts'

export type TrialParts = {
  readonly clock: Clock
  /** Components that are overdue. */
  readonly silent: () => readonly string[]
  /** What the sound device said last; undefined: it was not opened since the start. */
  readonly sound: () => 'ok' | 'fault' | undefined
  /** Opens the sound device for so many seconds, in silence. */
  readonly warm: (seconds: number) => void
  readonly broker: {
    readonly connected: () => boolean
    /** Why none is connected. */
    readonly fault: () => string
    /** Whether one answers a plain TCP connection; over within seconds. Never rejects. */
    readonly answers: (signal: AbortSignal) => Promise<boolean>
  }
  readonly trialMs: number
}

const LOOK_EVERY_MS = 1000
const KNOCK_EVERY_MS = 20_000
const WARM_EVERY_MS = 20_000
const WARM_SECONDS = 3

/** Watches this release while it is on trial. */
export class TrialWatch {
  readonly #parts: TrialParts
  readonly #before: BeforeTrial
  readonly #beganAt: number
  #memory: TrialMemory = {}
  #reachable: boolean | undefined
  #knockAt: number
  #warmAt: number

  constructor(parts: TrialParts, before: BeforeTrial) {
    this.#parts = parts
    this.#before = before
    this.#beganAt = parts.clock.mono()
    this.#knockAt = this.#beganAt
    this.#warmAt = this.#beganAt
  }

  /** Until it is decided; `onLook` hears what stands in the way meanwhile. @throws the signal's reason */
  async run(
    onLook: (why: string | undefined) => void,
    signal: AbortSignal,
  ): Promise<Exclude<TrialVerdict, { readonly kind: 'goes-on' }>> {
    for (;;) {
      const verdict = await this.#look(signal)
      if (verdict.kind !== 'goes-on') return verdict
      onLook(verdict.why)
      await this.#parts.clock.sleep(LOOK_EVERY_MS, signal)
    }
  }

  async #look(signal: AbortSignal): Promise<TrialVerdict> {
    const { clock, silent, sound, broker, trialMs } = this.#parts
    this.#openSound()
    const connected = broker.connected()
    if (connected) this.#reachable = undefined
    else if (clock.mono() >= this.#knockAt) {
      this.#reachable = await broker.answers(signal)
      this.#knockAt = clock.mono() + KNOCK_EVERY_MS
    }
    const heard = sound()
    const look: TrialLook = {
      atMs: clock.mono() - this.#beganAt,
      silent: silent(),
      sound: heard === undefined ? undefined : heard === 'ok',
      broker: connected,
      reachable: this.#reachable,
      fault: broker.fault(),
    }
    const { memory, verdict } = lookAtTrial(this.#memory, look, { before: this.#before, trialMs })
    this.#memory = memory
    return verdict
  }

  /** Nobody may have played anything since the start: then it is tried. */
  #openSound(): void {
    const { clock, sound, warm } = this.#parts
    if (!this.#before.sound || sound() === 'ok' || clock.mono() < this.#warmAt) return
    this.#warmAt = clock.mono() + WARM_EVERY_MS
    warm(WARM_SECONDS)
  }
}
