export type BackOff = { readonly baseMs: number; readonly maxMs: number }

/**
 * Milliseconds to wait before retry `attempt` (from 0): full jitter, anywhere between 0 and the exponential ceiling.
 * `random` gives [0, 1). @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const fullJitter = ({ baseMs, maxMs }: BackOff, attempt: number, random: () => number): number =>
  random() * Math.min(maxMs, baseMs * 2 ** attempt)

/**
 * Milliseconds to wait before retry `attempt` (from 0) where waiting too little is a cost of its own: the exponential
 * ceiling less up to a fifth. `random` gives [0, 1).
 */
export const jittered = ({ baseMs, maxMs }: BackOff, attempt: number, random: () => number): number =>
  Math.min(maxMs, baseMs * 2 ** attempt) * (1 - random() / 5)
