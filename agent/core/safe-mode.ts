/** What a start comes to one after the other; `running` is the time after `ready`. */
export const START_STAGES = [
  'state',
  'media',
  'signs',
  'playout',
  'schedule',
  'control',
  'network',
  'housekeeping',
  'running',
] as const
export type StartStage = (typeof START_STAGES)[number]

/** What the agent can do without: alerts, heartbeat and the control socket need none of them. `state`: what is on the disk. */
export const OPTIONAL_PARTS = ['state', 'media', 'signs', 'schedule', 'housekeeping'] as const
export type OptionalPart = (typeof OPTIONAL_PARTS)[number]

/** Without its memory the agent must not decide what was played already, and media lie on the same disk. */
const OFF_WITH_STATE: readonly OptionalPart[] = ['state', 'media', 'schedule', 'housekeeping']
/** Where nobody knows which part fails: a memory is not given up for a guess. */
const OFF_BLINDLY: readonly OptionalPart[] = ['media', 'signs', 'schedule', 'housekeeping']

/** A start of which nobody knows that it ended well: how far it came, and whether it was one in safe mode. */
export type Start = { readonly stage: StartStage; readonly safe: boolean }

/** `part`: what made the agent fail, where that is known; `entered`: the start before was not in safe mode. */
export type StartMode =
  | { readonly kind: 'normal' }
  | {
      readonly kind: 'safe'
      readonly part?: OptionalPart
      readonly off: readonly OptionalPart[]
      readonly entered: boolean
    }

/** So many starts in a row that died before `ready` or soon after it are a crash loop, and no more are kept. */
export const CRASH_LOOP_STARTS = 5
/** A start that lives so long after `ready` is no part of one. */
export const SURVIVED_AFTER_MS = 5000
export const SAFE_MODE_MS = 10 * 60_000

/** What is left off in safe mode, and until when: ISO 8601. `part` is absent where nobody knows which one fails. */
export type SafeModeReport = {
  readonly part?: OptionalPart
  readonly off: readonly OptionalPart[]
  readonly until: string
}

const optionalPart = (stage: StartStage): OptionalPart | undefined =>
  OPTIONAL_PARTS.find((part) => part === stage)

/** How to start when it is known beforehand that the disk of the state cannot be written. */
export const withoutState = (entered: boolean): StartMode => ({
  kind: 'safe',
  part: 'state',
  off: OFF_WITH_STATE,
  entered,
})

/**
 * How to start after these starts died, the oldest first. The part at which all of them died is left off; all but the
 * state when they do not agree, when it is nothing to be left off, or when safe mode itself died.
 */
export const startMode = (dead: readonly Start[]): StartMode => {
  const last = dead.slice(-CRASH_LOOP_STARTS)
  const stage = last[0]?.stage
  if (last.length < CRASH_LOOP_STARTS || stage === undefined) return { kind: 'normal' }
  const entered = last.at(-1)?.safe !== true
  // A start that has the state on dies of it, in safe mode too.
  if (last.every((start) => start.stage === 'state')) return withoutState(entered)
  const agreed = last.every((start) => !start.safe && start.stage === stage)
  const part = agreed ? optionalPart(stage) : undefined
  return part === undefined
    ? { kind: 'safe', off: OFF_BLINDLY, entered }
    : { kind: 'safe', part, off: [part], entered }
}

/** The starts to remember when one begins in this mode. */
export const withStart = (dead: readonly Start[], mode: StartMode): readonly Start[] =>
  [...dead, { stage: START_STAGES[0], safe: mode.kind === 'safe' }].slice(-CRASH_LOOP_STARTS)

/** The start that is under way has come to a stage. */
export const withStage = (starts: readonly Start[], stage: StartStage): readonly Start[] =>
  starts.map((start, index) => (index === starts.length - 1 ? { ...start, stage } : start))
