import { LoaError } from '../core/error.ts'
import type { AmplifierReport } from '../core/status.ts'
import type { Clock } from '../ports/clock.ts'
import type { AmplifierState, Playout } from '../ports/playout.ts'
import { comesTrue } from './comes-true.ts'
import type { Condition } from './condition.ts'

export type AmplifierSwitchOptions = {
  readonly clock: Clock
  readonly playout: Pick<Playout, 'amplifier'>
  readonly condition: Pick<Condition, 'amplifiers'>
  /** Of an amplifier of this board: no order keeps it on for longer. */
  readonly maxOnSeconds: (id: string) => number
  /** How long its relay stays open at least. */
  readonly minOffMs: (id: string) => number
  readonly muted: () => boolean
}

export type SwitchAmplifier = (
  order: { readonly id: string; readonly on: boolean; readonly seconds?: number },
  signal: AbortSignal,
) => Promise<AmplifierReport>

const DEFAULT_SECONDS = 60
const WITHIN_MS = 1000

/** One that may not close yet has the order, and obeys it when it may. */
const disobedience = (id: string, state: AmplifierState, minOffMs: number): string =>
  state === 'off' && minOffMs > WITHIN_MS
    ? `the relay of ${id} is still open: it rests for ${Math.ceil(minOffMs / 1000)} s after it opened (minOffMs); the order stands, and it closes within that time`
    : `the relay of ${id} is ${state} after a second`

/** Switches a relay by hand, by order of a technician or of the province, and sees whether it obeys. */
export const createAmplifierSwitch =
  ({ clock, playout, condition, maxOnSeconds, minOffMs, muted }: AmplifierSwitchOptions): SwitchAmplifier =>
  async ({ id, on, seconds }, signal) => {
    const known = Object.keys(condition.amplifiers)
    if (!known.includes(id))
      throw new LoaError('INVALID', `this board has no amplifier ${id}; it has ${known.join(', ') || 'none'}`)
    if (on && muted()) throw new LoaError('MUTED', 'the device is muted: every relay stays open')
    const held = Math.min(seconds ?? DEFAULT_SECONDS, maxOnSeconds(id))
    playout.amplifier(id, on, held)
    const wanted = on ? 'on' : 'off'
    await comesTrue(clock, WITHIN_MS, () => condition.amplifiers[id] === wanted, signal)
    const state = condition.amplifiers[id] ?? 'off'
    if (state !== wanted) throw new LoaError('AMPLIFIER', disobedience(id, state, minOffMs(id)))
    return { id, state, ...(on ? { seconds: held } : {}) }
  }
