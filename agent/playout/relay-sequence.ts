/** When one relay closes and opens, as a pure function of time and of what needs it. Times in ms of the monotonic clock. */

export type RelayTiming = {
  readonly settleMs: number
  readonly holdMs: number
  readonly minOffMs: number
  readonly maxOnMinutes: number
}

export type RelayState = {
  readonly on: boolean
  /** Since when it is as it is; -Infinity when it was never switched. */
  readonly sinceMs: number
  /** When something last needed it. */
  readonly neededMs: number
  /** By hand: stays on until then; -Infinity for not. */
  readonly manualUntilMs: number
  /** It was on for too long and stays open until nothing needs it any more. */
  readonly tripped: boolean
}

/** Something sounds now (`fromMs` in the past) or will: the relay is to be closed from `fromMs` on. */
export type RelayDemand = { readonly fromMs: number }

export const RELAY_AT_REST: RelayState = {
  on: false,
  sinceMs: Number.NEGATIVE_INFINITY,
  neededMs: Number.NEGATIVE_INFINITY,
  manualUntilMs: Number.NEGATIVE_INFINITY,
  tripped: false,
}

const MINUTE_MS = 60_000

/** A coming demand so near that opening now would break `minOffMs` keeps the relay closed. */
const tooNearToOpen = (timing: RelayTiming, demands: readonly RelayDemand[], nowMs: number): boolean =>
  demands.some((demand) => demand.fromMs < nowMs + timing.minOffMs)

const wantsOn = (
  timing: RelayTiming,
  state: RelayState,
  demands: readonly RelayDemand[],
  nowMs: number,
): boolean => {
  if (demands.some((demand) => demand.fromMs <= nowMs) || nowMs < state.manualUntilMs) return true
  if (!state.on) return false
  return nowMs < state.neededMs + timing.holdMs || tooNearToOpen(timing, demands, nowMs)
}

/** The state the relay should have now. `muted`: open, whatever needs it. */
export const nextRelayState = (
  timing: RelayTiming,
  state: RelayState,
  demands: readonly RelayDemand[],
  nowMs: number,
  muted: boolean,
): RelayState => {
  const needed = demands.some((demand) => demand.fromMs <= nowMs)
  const neededMs = needed ? nowMs : state.neededMs
  const wanted = wantsOn(timing, state, demands, nowMs) && !muted
  const overdue = state.on && nowMs - state.sinceMs >= timing.maxOnMinutes * MINUTE_MS
  const tripped = (state.tripped || overdue) && wanted
  const manualUntilMs = muted || overdue ? Number.NEGATIVE_INFINITY : state.manualUntilMs
  const restedEnough = state.on || nowMs - state.sinceMs >= timing.minOffMs
  const on = wanted && !tripped && restedEnough
  return { on, sinceMs: on === state.on ? state.sinceMs : nowMs, neededMs, manualUntilMs, tripped }
}

/** The earliest moment sound may leave: the relay has been closed for `settleMs` by then. 0 settle: at once. */
export const soundAllowedMs = (timing: RelayTiming, state: RelayState, nowMs: number): number => {
  if (timing.settleMs === 0) return Number.NEGATIVE_INFINITY
  if (state.on) return state.sinceMs + timing.settleMs
  return Math.max(nowMs, state.sinceMs + timing.minOffMs) + timing.settleMs
}

/** Closes or opens by hand; what sounds keeps it closed all the same. */
export const byHand = (state: RelayState, on: boolean, seconds: number, nowMs: number): RelayState => ({
  ...state,
  manualUntilMs: on ? nowMs + 1000 * seconds : Number.NEGATIVE_INFINITY,
  neededMs: on ? state.neededMs : Number.NEGATIVE_INFINITY,
})
