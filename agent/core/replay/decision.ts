import type { AsRun } from '../arbiter/programme.ts'
import type { Effect, Order } from '../arbiter/state.ts'
import { clipFrames } from '../clip.ts'
import type { Outcome } from '../record/playback.ts'

/** What the arbiter decided, with everything by which one decision differs from another. */
export type Decision =
  | { readonly kind: 'open' | 'forget' | 'sounding' | 'silent'; readonly programme: string }
  | {
      readonly kind: 'schedule'
      readonly programme: string
      readonly order: Order
      readonly segments: number
      readonly frames: number
      readonly amplifiers: readonly string[]
    }
  | { readonly kind: 'cut'; readonly order: string; readonly fadeMs: number }
  | {
      readonly kind: 'record'
      readonly programme: string
      readonly asRun: AsRun
      readonly outcome: Outcome
    }

/** An effect without the programme and the clip that its input brought. */
export const decisionOf = (effect: Effect): Decision => {
  if (effect.kind === 'cut') return effect
  const programme = effect.programme.key
  if (effect.kind === 'record')
    return { kind: effect.kind, programme, asRun: effect.asRun, outcome: effect.outcome }
  if (effect.kind !== 'schedule') return { kind: effect.kind, programme }
  const { clip, order } = effect
  return {
    kind: effect.kind,
    programme,
    order,
    segments: clip.segments.length,
    frames: clipFrames(clip),
    amplifiers: clip.amplifiers,
  }
}
