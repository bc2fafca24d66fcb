import type { ArbiterState, Effect, Sounding, Waiting } from '../arbiter/state.ts'

/** Whether all members but those named are the very same. */
const sameBut = <T extends object>(a: T, b: T, ...but: readonly (keyof T)[]): boolean => {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof T>
  for (const key of but) keys.delete(key)
  return [...keys].every((key) => a[key] === b[key])
}

const sameText = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** The position of what sounds decides nothing: whoever ends it reports where. */
const sameSounding = (a: Sounding | undefined, b: Sounding | undefined): boolean => {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  return (
    sameBut(a, b, 'asRun', 'grown') && sameBut(a.asRun, b.asRun, 'position') && sameText(a.grown, b.grown)
  )
}

const sameWaiting = (a: Waiting, b: Waiting): boolean =>
  a === b || (sameBut(a, b, 'readiness') && sameText(a.readiness, b.readiness))

const allWaitAsBefore = (a: readonly Waiting[], b: readonly Waiting[]): boolean =>
  a === b ||
  (a.length === b.length &&
    a.every((entry, index) => {
      const other = b[index]
      return other !== undefined && sameWaiting(entry, other)
    }))

/**
 * Whether an input did nothing and left nothing that could lead to another decision later: most of what the arbiter is
 * told, once a second and twice while something sounds.
 */
export const hasConsequence = (
  before: ArbiterState,
  after: ArbiterState,
  effects: readonly Effect[],
): boolean => {
  if (effects.length > 0) return true
  if (before === after) return false
  return !(
    sameBut(before, after, 'sounding', 'waiting', 'quiet') &&
    sameSounding(before.sounding, after.sounding) &&
    allWaitAsBefore(before.waiting, after.waiting) &&
    sameText(before.quiet, after.quiet)
  )
}
