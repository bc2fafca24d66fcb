import { isLiveAt } from '../clip.ts'
import type { Outcome } from '../record/playback.ts'
import type { EpochMs } from '../time.ts'
import { epochMs } from '../time.ts'
import { type Choice, chooseNext, orderFor } from './choose.ts'
import { brokenOutcome } from './programme.ts'
import { type ArbiterState, type Effect, isPlanned, type Order, type Step, type Waiting } from './state.ts'

/** A live relay is opened no earlier than this: what is held back for long is not live any more. */
const LIVE_AHEAD_MS = 10_000

/** How long a start may lie behind its order before the deadline takes it away: reports travel. */
const REPORT_GRACE_MS = 1500

const without = (state: ArbiterState, key: string): ArbiterState => ({
  ...state,
  waiting: state.waiting.filter((entry) => entry.programme.key !== key),
})

export const clearNext = (state: ArbiterState): ArbiterState => {
  const { next: _gone, ...rest } = state
  return rest
}

/** Takes back the order that playout holds for later. */
export function withdrawNext(state: ArbiterState): Step {
  if (state.next === undefined) return { state, effects: [] }
  return { state: clearNext(state), effects: [{ kind: 'cut', order: state.next.order.id, fadeMs: 0 }] }
}

const quietAt = (state: ArbiterState, at: EpochMs): boolean =>
  state.quiet.some((span) => at >= span.from && at < span.to)

/** Ends a waiting programme with a record; an order already given for it is withdrawn. */
export function dismiss(state: ArbiterState, entry: Waiting, outcome: Outcome): Step {
  const { next } = state
  const committed = next !== undefined && next.key === entry.programme.key
  const cut: Effect[] = committed ? [{ kind: 'cut', order: next.order.id, fadeMs: 0 }] : []
  return {
    state: without(committed ? clearNext(state) : state, entry.programme.key),
    effects: [...cut, { kind: 'record', programme: entry.programme, asRun: entry.asRun, outcome }],
  }
}

/** What keeps an entry from ever starting, at this moment; undefined while it may still wait or start. */
function refusalOf(state: ArbiterState, entry: Waiting, now: EpochMs): Outcome | undefined {
  const { programme, readiness, asRun } = entry
  if (entry.dueAt > now) return undefined
  if (readiness.state === 'excluded') return brokenOutcome(asRun, readiness.reason, readiness.result)
  if (readiness.state === 'ready') return undefined
  if (state.muted) return brokenOutcome(asRun, 'MUTED', 'skipped')
  if (programme.obeysQuietHours && quietAt(state, now)) return brokenOutcome(asRun, 'QUIET_HOURS', 'skipped')
  return undefined
}

/** What was ordered in time may be heard to have started until then. */
const latestStart = ({ leadMs }: ArbiterState, { deadline }: Waiting): EpochMs =>
  epochMs(deadline + leadMs + REPORT_GRACE_MS)

/** A joiner that begins so late should be further on by then, and is laid out anew: the clock was set, or what it followed went on. */
const JOINS_LATE_MS = 5000

/** When playout gives an order back unless it has begun. */
const givenBackAt = (state: ArbiterState, entry: Waiting, { at }: Order): EpochMs => {
  const latest = latestStart(state, entry)
  return entry.joinsAt === undefined ? latest : epochMs(Math.min(latest, at + JOINS_LATE_MS))
}

/** When the window closes: an entry that only lacked media plays what it has, anything else gets its record. */
function expire(state: ArbiterState, entry: Waiting, now: EpochMs): Step | undefined {
  const committed = state.next?.key === entry.programme.key ? state.next.order : undefined
  const { readiness } = entry
  if (readiness.state === 'awaiting') {
    if (now < entry.deadline) return undefined
    if (readiness.fallback === undefined)
      return dismiss(
        state,
        entry,
        entry.cause === 'due' ? { result: 'failed', reason: 'NO_MEDIA' } : entry.overdue,
      )
    const ready = { state: 'ready', ...readiness.fallback, fault: 'NO_MEDIA' } as const
    return {
      state: replaceWaiting(state, { ...entry, readiness: ready, deadline: epochMs(now + state.leadMs) }),
      effects: [],
    }
  }
  const inTime = committed !== undefined && committed.at <= entry.deadline
  const limit = inTime && state.sounding === undefined ? latestStart(state, entry) : entry.deadline
  if (now <= limit) return undefined
  const silent = !state.playoutUp && entry.cause === 'due'
  return dismiss(state, entry, silent ? { result: 'failed', reason: 'AUDIO_DEVICE' } : entry.overdue)
}

export const replaceWaiting = (state: ArbiterState, entry: Waiting): ArbiterState => ({
  ...state,
  waiting: state.waiting.map((other) => (other.programme.key === entry.programme.key ? entry : other)),
})

/** Applies `judge` to every waiting entry until none is dismissed any more. */
function sweep(state: ArbiterState, judge: (state: ArbiterState, entry: Waiting) => Step | undefined): Step {
  let current = state
  const effects: Effect[] = []
  for (const entry of state.waiting) {
    const step = judge(current, entry)
    if (step === undefined) continue
    current = step.state
    effects.push(...step.effects)
  }
  return { state: current, effects }
}

/** Mute and quiet hours refuse a choice at the moment it could start; before that it simply is not ordered. */
function policyOn(state: ArbiterState, choice: Choice, now: EpochMs): 'go' | 'hold' | Outcome {
  const { programme, asRun, dueAt } = choice.entry
  const closed = state.muted
    ? 'MUTED'
    : programme.obeysQuietHours && quietAt(state, choice.startAt)
      ? 'QUIET_HOURS'
      : undefined
  if (closed === undefined) return 'go'
  const couldStart = choice.startAt <= now + (dueAt < now ? state.leadMs : 0)
  return couldStart ? brokenOutcome(asRun, closed, 'skipped') : 'hold'
}

/** A joiner that would be over when its turn comes is passed over; only when it is over by now has it lost its chance. */
function judge(state: ArbiterState, choice: Choice, now: EpochMs): 'go' | 'hold' | 'pass over' | Outcome {
  const policy = policyOn(state, choice, now)
  if (policy !== 'go') return policy
  const order = orderFor(choice, '')
  if (order !== 'past-its-end') return opensTooSoon(state, choice, order, now) ? 'hold' : 'go'
  const atOnce = epochMs(Math.max(choice.entry.dueAt, now))
  return orderFor({ ...choice, startAt: atOnce }, '') === 'past-its-end' ? choice.entry.overdue : 'pass over'
}

const opensTooSoon = (state: ArbiterState, { entry }: Choice, order: Order, now: EpochMs): boolean =>
  state.next?.key !== entry.programme.key &&
  order.at > now + LIVE_AHEAD_MS &&
  entry.readiness.state === 'ready' &&
  isLiveAt(entry.readiness.clip, order.fromFrame)

/** Brings what playout holds as its next clip in line with the choice. */
function commit(state: ArbiterState, choice: Choice | undefined): Step {
  const { next } = state
  const withdraw: Effect[] = next === undefined ? [] : [{ kind: 'cut', order: next.order.id, fadeMs: 0 }]
  if (choice === undefined) return { state: next === undefined ? state : clearNext(state), effects: withdraw }
  const { programme, readiness } = choice.entry
  // Between the end of what was taken over and the start of the taker the flag of the order is history.
  const asOrdered =
    next?.key === programme.key &&
    (next.order.takeover || !choice.takeover) &&
    // What it was to follow ends sooner than it should have.
    next.order.at <= choice.startAt
  if (asOrdered) return { state, effects: [] }
  const laid = orderFor(choice, `${programme.key} #${state.ordersGiven + 1}`)
  if (laid === 'past-its-end' || readiness.state !== 'ready') return commit(state, undefined)
  const order = isPlanned(choice.entry) ? { ...laid, latest: givenBackAt(state, choice.entry, laid) } : laid
  const opened = replaceWaiting(state, { ...choice.entry, opened: true })
  return {
    state: { ...opened, next: { key: programme.key, order }, ordersGiven: state.ordersGiven + 1 },
    effects: [
      ...withdraw,
      ...(choice.entry.opened ? [] : [{ kind: 'open', programme } as const]),
      { kind: 'schedule', programme, clip: readiness.clip, order },
    ],
  }
}

/** From its planned second on an occurrence exists, whatever it waits for: it has its ledger row. */
export function openDue(state: ArbiterState, now: EpochMs): Step {
  const isDue = (entry: Waiting): boolean => !entry.opened && entry.dueAt <= now
  const due = state.waiting.filter(isDue)
  if (due.length === 0) return { state, effects: [] }
  return {
    state: {
      ...state,
      waiting: state.waiting.map((entry) => (isDue(entry) ? { ...entry, opened: true } : entry)),
    },
    effects: due.map(({ programme }) => ({ kind: 'open', programme })),
  }
}

/**
 * After every input: dismiss what may not start any more, then order what sounds next.
 * Every dismissal and every one passed over shortens the list of candidates, so the loop ends.
 */
export function settle(start: ArbiterState, now: EpochMs): Step {
  const refused = sweep(start, (state, entry) => {
    const outcome = refusalOf(state, entry, now)
    return outcome && dismiss(state, entry, outcome)
  })
  const swept = sweep(refused.state, (state, entry) => expire(state, entry, now))
  let state = swept.state
  const effects: Effect[] = [...refused.effects, ...swept.effects]
  const add = (step: Step): void => {
    state = step.state
    effects.push(...step.effects)
  }
  const passedOver = new Set<string>()
  for (;;) {
    const candidates = state.waiting.filter(({ programme }) => !passedOver.has(programme.key))
    const choice = state.playoutUp ? chooseNext({ ...state, waiting: candidates }, now) : undefined
    const judged = choice === undefined ? 'hold' : judge(state, choice, now)
    if (choice !== undefined && typeof judged === 'object') add(dismiss(state, choice.entry, judged))
    else if (choice !== undefined && judged === 'pass over') passedOver.add(choice.entry.programme.key)
    else {
      add(commit(state, judged === 'go' ? choice : undefined))
      return { state, effects }
    }
  }
}
