/** What a page looks like at a moment: pictures of equal `index` are equal. */
type Step = {
  readonly index: number
  /** Milliseconds until the picture changes, above 0; Infinity when it does not. */
  readonly nextMs: number
}

/** Which picture stands when: `elapsedMs` into the page, in its `turn`-th showing (from 0). */
export type Steps = (elapsedMs: number, turn: number) => Step
