/** A contact that bounces, and one that trembles, as pure functions of its edges. Times in ms of the monotonic clock. */

export type ContactState = {
  /** As it was read last; undefined while it cannot be read. */
  readonly raw: boolean | undefined
  readonly rawSinceMs: number
  /** As it counts: a level that lasted. Undefined until one did. */
  readonly active: boolean | undefined
  readonly sinceMs: number
  /** The last edges, and the last changes of what counts, at most as many as make it tremble. */
  readonly edges: readonly number[]
  readonly changes: readonly number[]
  readonly trembles: boolean
}

export const UNREAD: ContactState = {
  raw: undefined,
  rawSinceMs: Number.NEGATIVE_INFINITY,
  active: undefined,
  sinceMs: Number.NEGATIVE_INFINITY,
  edges: [],
  changes: [],
  trembles: false,
}

/** More than a switch makes that is thrown by hand, bouncing included. */
const TREMBLES = { edges: 24, withinMs: 2000 } as const
/** A loose wire whose every level lasts long enough to count. */
const SWINGS = { changes: 12, withinMs: 60_000 } as const
/** Without an edge for so long it is calm again. */
const CALM_MS = 30_000

const latest = (times: readonly number[], nowMs: number, most: number): readonly number[] =>
  [...times, nowMs].slice(-most)

const tooMany = (times: readonly number[], most: number, withinMs: number, nowMs: number): boolean =>
  times.length === most && nowMs - (times[0] ?? nowMs) <= withinMs

/** An edge, or the first reading. */
export const heard = (state: ContactState, active: boolean, nowMs: number): ContactState => {
  if (state.raw === active) return state
  const edges = state.raw === undefined ? state.edges : latest(state.edges, nowMs, TREMBLES.edges)
  return { ...state, raw: active, rawSinceMs: nowMs, edges }
}

/** It cannot be read: what counted goes on counting. */
export const unread = (state: ContactState): ContactState => ({ ...state, raw: undefined })

const counts = (state: ContactState, debounceMs: number, nowMs: number): boolean =>
  state.raw !== undefined && state.raw !== state.active && nowMs >= state.rawSinceMs + debounceMs

/** What has come true by now: a level that lasted counts, trembling begins or is over. */
export const settled = (state: ContactState, debounceMs: number, nowMs: number): ContactState => {
  const next = counts(state, debounceMs, nowMs)
    ? {
        ...state,
        active: state.raw,
        sinceMs: state.rawSinceMs + debounceMs,
        changes: state.active === undefined ? state.changes : latest(state.changes, nowMs, SWINGS.changes),
      }
    : state
  if (next.trembles) {
    const calm = nowMs >= next.rawSinceMs + CALM_MS
    return calm ? { ...next, trembles: false, edges: [], changes: [] } : next
  }
  const trembles =
    tooMany(next.edges, TREMBLES.edges, TREMBLES.withinMs, nowMs) ||
    tooMany(next.changes, SWINGS.changes, SWINGS.withinMs, nowMs)
  return trembles ? { ...next, trembles } : next
}

/** When something may come true without another edge; undefined when nothing will. */
export const nextLookMs = (state: ContactState, debounceMs: number): number | undefined => {
  const dues = [
    ...(state.raw !== undefined && state.raw !== state.active ? [state.rawSinceMs + debounceMs] : []),
    ...(state.trembles ? [state.rawSinceMs + CALM_MS] : []),
  ]
  return dues.length === 0 ? undefined : Math.min(...dues)
}
