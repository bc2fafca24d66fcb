type Policy = 'skip' | 'play' | 'join'

/** A look at the clock every second, a report on its way: what a step finds just begun may be either. */
const EDGE = { beforeMs: 400, afterMs: 700 } as const

/**
 * Outcomes of an item whose second is `sinceMs` before the step (negative: after it), by what the contract makes of one that
 * sounds over it (`sounding`) and of one that was only armed (`armed`).
 */
const either = (
  sinceMs: number,
  sounding: readonly string[],
  armed: readonly string[],
): readonly string[] => {
  if (sinceMs > EDGE.afterMs) return sounding
  return sinceMs < -EDGE.beforeMs ? armed : [...sounding, ...armed]
}

/** An hour ahead: what sounds plays on, the second of what was armed is an hour ago. */
export const overForward = (sinceMs: number): readonly string[] =>
  either(sinceMs, ['completed'], ['missed LATE'])

/**
 * An hour back: what was armed comes due in an hour, unless the clock is set ahead again by then, or its time is lost and
 * found again after it.
 */
export const overBack = (sinceMs: number): readonly string[] =>
  either(sinceMs, ['completed'], ['completed', 'missed LATE', 'missed NO_CLOCK'])

/** To 1970 and back within the window: what was armed starts late, a joiner if it is not over by then. */
export const over1970 = (sinceMs: number, policy: Policy): readonly string[] =>
  either(sinceMs, ['completed'], policy === 'join' ? ['partial LATE', 'missed NO_CLOCK'] : ['completed'])

/** Killed while it sounded, and the time not known until `awaySeconds` later. */
export const killedBefore1970 = (policy: Policy): readonly string[] =>
  policy === 'play' ? ['completed'] : ['interrupted CRASHED']
