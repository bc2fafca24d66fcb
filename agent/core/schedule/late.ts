import type { EpochMs } from '../time.ts'
import { type Item, isSignOnly } from './item.ts'

export type StartDecision =
  | { readonly kind: 'early' }
  /** Start now, this far into the item. */
  | { readonly kind: 'start'; readonly fromSeconds: number }
  | { readonly kind: 'missed' }

/** Loss of an item's beginning, or at a take-up, up to which it still counts as whole. */
export const LOSS_TOLERANCE_SECONDS = 1

/** Last instant at which an occurrence may still start. `seconds` is the length of the item. */
export const windowEnd = (item: Pick<Item, 'late' | 'parts'>, planned: EpochMs, seconds: number): EpochMs => {
  const window = isSignOnly(item) ? seconds : item.late.withinSeconds
  return (planned + window * 1000) as EpochMs
}

const isJoining = (item: Pick<Item, 'late' | 'parts'>): boolean =>
  isSignOnly(item) || item.late.policy === 'join'

/**
 * What to do with an occurrence at `now`: wait, start, or give it up. `skip` and `play` start from the beginning anywhere in the
 * window, both ends included; `join` starts where it would be by now and is missed once it would be over.
 * `seconds` is the length of the item. @see contract, section 3, Late
 */
export const startDecision = (
  item: Pick<Item, 'late' | 'parts'>,
  planned: EpochMs,
  now: EpochMs,
  seconds: number,
): StartDecision => {
  if (now < planned) return { kind: 'early' }
  if (now > windowEnd(item, planned, seconds)) return { kind: 'missed' }
  if (!isJoining(item)) return { kind: 'start', fromSeconds: 0 }
  const fromSeconds = (now - planned) / 1000
  return fromSeconds < seconds ? { kind: 'start', fromSeconds } : { kind: 'missed' }
}

export type TakeUp =
  | {
      readonly kind: 'take-up' /** Position in the item to go on from. */
      readonly fromSeconds: number
      /** Seconds of the item that will never have sounded. */
      readonly lostSeconds: number
    }
  | { readonly kind: 'interrupted' }

/**
 * What becomes of an occurrence that was playing when the agent died. `checkpoint` is the last known position and when it was true;
 * `seconds` is the length of the item. `play` counts its `withinSeconds` from the checkpoint: the time the agent was away.
 * @see contract, section 3, "Taking up again"
 */
export const takeUp = (
  item: Pick<Item, 'late' | 'parts'>,
  checkpoint: { readonly at: EpochMs; readonly seconds: number },
  now: EpochMs,
  seconds: number,
): TakeUp => {
  // A clock that was set back while the agent was away must not rewind what has sounded.
  const awaySeconds = Math.max(0, now - checkpoint.at) / 1000
  if (isJoining(item)) {
    const fromSeconds = checkpoint.seconds + awaySeconds
    if (fromSeconds >= seconds) return { kind: 'interrupted' }
    return { kind: 'take-up', fromSeconds, lostSeconds: awaySeconds }
  }
  if (item.late.policy === 'skip' || awaySeconds > item.late.withinSeconds) return { kind: 'interrupted' }
  return { kind: 'take-up', fromSeconds: checkpoint.seconds, lostSeconds: 0 }
}
