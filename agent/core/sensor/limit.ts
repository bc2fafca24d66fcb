/** Between `at` and `back` nothing changes. With `at` above `back` high values are bad, else low ones. */
export type Limit = {
  readonly at: number
  readonly back: number
  /** A bad value must last so long to count, in ms. */
  readonly holdMs: number
  /** A good one must last so long to count again, in ms. */
  readonly calmMs: number
}

export type Judged = {
  readonly bad: boolean
  /** Since when values say the opposite without a break, by the monotonic clock. */
  readonly doubtedSinceMs?: number
}

const isBad = (value: number, { at, back }: Limit): boolean => (at > back ? value >= at : value <= at)
const isWell = (value: number, { at, back }: Limit): boolean => (at > back ? value <= back : value >= back)

/** One more value; without one nothing is learned, and what was doubted has to last anew. */
export const judge = (state: Judged, value: number | undefined, limit: Limit, nowMs: number): Judged => {
  const doubted = value !== undefined && (state.bad ? isWell(value, limit) : isBad(value, limit))
  if (!doubted) return state.doubtedSinceMs === undefined ? state : { bad: state.bad }
  const since = state.doubtedSinceMs ?? nowMs
  const lasts = state.bad ? limit.calmMs : limit.holdMs
  return nowMs - since >= lasts ? { bad: !state.bad } : { bad: state.bad, doubtedSinceMs: since }
}
