export type BackOff = { readonly baseMs: number; readonly maxMs: number }

/**
 * Milliseconds to wait before retry `attempt` (from 0) where waiting too little is a cost of its own: the exponential
 * ceiling less up to a fifth. `random` gives [0, 1).
 */
export const jittered = ({ baseMs, maxMs }: BackOff, attempt: number, random: () => number): number =>
  Math.min(maxMs, baseMs * 2 ** attempt) * (1 - random() / 5)
