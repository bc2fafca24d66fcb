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
  /** When it was last closed for a sign alone. */
  readonly fedMs: number
}

/** Something sounds now (`fromMs` in the past) or will: the relay is to be closed from `fromMs` on. */
export type RelayDemand = { readonly fromMs: number }

export const RELAY_AT_REST: RelayState = {
  on: false,
  sinceMs: Number.NEGATIVE_INFINITY,
  neededMs: Number.NEGATIVE_INFINITY,
  manualUntilMs: Number.NEGATIVE_INFINITY,
  tripped: false,
  fedMs: Number.NEGATIVE_INFINITY,
}

const MINUTE_MS = 60_000

/** A coming demand so near that opening now would break `minOffMs` keeps the relay closed. */
const tooNearToOpen = (
  timing: Pick<RelayTiming, 'minOffMs'>,
  demands: readonly RelayDemand[],
  nowMs: number,
): boolean => demands.some((demand) => demand.fromMs < nowMs + timing.minOffMs)

const isNeeded = (demands: readonly RelayDemand[], nowMs: number): boolean =>
  demands.some((demand) => demand.fromMs <= nowMs)

const wantsOn = (
  timing: Pick<RelayTiming, 'holdMs' | 'minOffMs'>,
  state: RelayState,
  demands: readonly RelayDemand[],
  nowMs: number,
): boolean => {
  if (isNeeded(demands, nowMs) || nowMs < state.manualUntilMs) return true
  if (!state.on) return false
  return nowMs < state.neededMs + timing.holdMs || tooNearToOpen(timing, demands, nowMs)
}

const mayClose = (
  { minOffMs }: Pick<RelayTiming, 'minOffMs'>,
  { sinceMs }: RelayState,
  nowMs: number,
  waits: boolean,
): boolean => !waits && nowMs - sinceMs >= minOffMs

/** What others have to say in whether this relay is closed. */
export type RelaySurroundings = {
  /** Open, whatever needs it. */
  readonly muted: boolean
  /** Another one is closed that excludes it, or closed just now: it waits. */
  readonly waits: boolean
  /** One that excludes it is needed now: it opens as soon as nothing sounds through it. */
  readonly yields: boolean
  /** It feeds a sign that shows something. */
  readonly feeds: boolean
}

const GIVES_WAY = { neededMs: Number.NEGATIVE_INFINITY, manualUntilMs: Number.NEGATIVE_INFINITY }
const IMPATIENT: Pick<RelayTiming, 'holdMs' | 'minOffMs'> = { holdMs: 0, minOffMs: 0 }

const giveWay = (state: RelayState, yields: boolean): RelayState =>
  yields ? { ...state, ...GIVES_WAY } : state

/** The state the relay should have now. */
export const nextRelayState = (
  timing: RelayTiming,
  before: RelayState,
  demands: readonly RelayDemand[],
  nowMs: number,
  { muted, waits, yields, feeds }: RelaySurroundings,
): RelayState => {
  const state = giveWay(before, yields)
  const neededMs = isNeeded(demands, nowMs) ? nowMs : state.neededMs
  const called = wantsOn(yields ? IMPATIENT : timing, state, demands, nowMs)
  const fed = feeds && !yields
  const wanted = (called || fed) && !muted
  // A sign is shown for days: the longest time is that of sound.
  const fedMs = fed && !called ? nowMs : state.fedMs
  const overdue = state.on && nowMs - Math.max(state.sinceMs, fedMs) >= timing.maxOnMinutes * MINUTE_MS
  const tripped = wanted && (state.tripped || overdue)
  const manualUntilMs = muted || overdue ? Number.NEGATIVE_INFINITY : state.manualUntilMs
  const on = wanted && !tripped && (state.on || mayClose(timing, state, nowMs, waits))
  return { on, sinceMs: on === state.on ? state.sinceMs : nowMs, neededMs, manualUntilMs, tripped, fedMs }
}

/** The earliest moment at which the relay is closed, if it is needed from now on: not before `freeMs`. */
export const closedAtMs = (
  timing: Pick<RelayTiming, 'minOffMs'>,
  state: RelayState,
  freeMs: number,
): number => (state.on ? state.sinceMs : Math.max(freeMs, state.sinceMs + timing.minOffMs))

/** The earliest moment sound may leave: the relay has been closed for `settleMs` by then. 0 settle: at once. */
export const soundAllowedMs = (timing: RelayTiming, state: RelayState, nowMs: number): number => {
  if (timing.settleMs === 0) return Number.NEGATIVE_INFINITY
  return closedAtMs(timing, state, nowMs) + timing.settleMs
}

/** Closes or opens by hand; what sounds keeps it closed all the same. */
export const byHand = (state: RelayState, on: boolean, seconds: number, nowMs: number): RelayState => ({
  ...state,
  manualUntilMs: on ? nowMs + 1000 * seconds : Number.NEGATIVE_INFINITY,
  neededMs: on ? state.neededMs : Number.NEGATIVE_INFINITY,
})
