import type { MonoMs } from '../time.ts'
import { isSameDevice, isSameWay, type Way } from './way.ts'

/** What is known of the way out, and what was told of it. */
export type Switching = {
  /** As it was told last; undefined until there was one. */
  readonly told: Way | undefined
  readonly seen: Way
  /** When `seen` was seen first. */
  readonly since: MonoMs
  /** Changes since the last telling. */
  readonly changes: number
}

export type Switch = { readonly from: Way; readonly to: Way; readonly changes: number }

/** A way that does not last so long is not told: links flap, and addresses are fetched anew. */
export const SETTLED_MS = 5000

export const firstLook = (way: Way, now: MonoMs): Switching => ({
  told: undefined,
  seen: way,
  since: now,
  changes: 0,
})

/** Takes note of how it is now. `isNew`: what was sent over the way before may be lost. */
export const looked = (
  state: Switching,
  way: Way,
  now: MonoMs,
): { readonly state: Switching; readonly isNew: boolean } => {
  if (isSameWay(state.seen, way)) return { state, isNew: false }
  const changes = state.changes + (isSameDevice(state.seen, way) ? 0 : 1)
  return { state: { ...state, seen: way, since: now, changes }, isNew: way.bearer !== 'none' }
}

/** What is to be told now, if anything. The first way out after a start is no switch. */
export const switched = ({ told, seen, since, changes }: Switching, now: MonoMs): Switch | undefined => {
  if (told === undefined || now - since < SETTLED_MS || isSameDevice(told, seen)) return undefined
  return { from: told, to: seen, changes }
}

/** After `switched` was told, or there was nothing to tell. */
export const settledIn = (state: Switching, now: MonoMs): Switching => {
  if (now - state.since < SETTLED_MS || (state.told === undefined && state.seen.bearer === 'none'))
    return state
  return { ...state, told: state.seen, changes: 0 }
}
