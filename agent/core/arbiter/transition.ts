import { framesOf } from '../clip.ts'
import { LOSS_TOLERANCE_SECONDS } from '../schedule/late.ts'
import { type EpochMs, epochMs } from '../time.ts'
import { ended } from './ended.ts'
import { type AsRun, brokenOutcome, NOTHING_RUN, type Programme, type Readiness } from './programme.ts'
import { clearNext, dismiss, openDue, replaceWaiting, settle, withdrawNext } from './settle.ts'
import type { ArbiterState, Effect, Input, Sounding, Step, Waiting } from './state.ts'
import { stepped } from './stepped.ts'

const CUT_FADE_MS = 300
const QUIET_FADE_MS = 3000
const MUTE_FADE_MS = 20

type InputOf<K extends Input['kind']> = Extract<Input, { kind: K }>

/**
 * The whole arbitration of the one sound output: total, without clock or I/O. Every armed programme ends in exactly
 * one `record` (or in `forget`, when it was withdrawn before its planned second).
 * @see contract, section 3, Contention, Late, Quiet hours; section 4, results
 */
export function transition(state: ArbiterState, input: Input): Step {
  const told = tell(state, input)
  const settled = settle(told.state, input.at)
  const { state: done, effects } = openDue(settled.state, input.at)
  return { state: done, effects: [...told.effects, ...settled.effects, ...effects] }
}

function tell(state: ArbiterState, input: Input): Step {
  switch (input.kind) {
    case 'tick':
      return quietCut(state, input.at)
    case 'arm':
      return arm(state, input)
    case 'revise':
      return revise(state, input)
    case 'readiness':
      return become(state, input)
    case 'clock':
      return stepped(state, input.stepMs)
    case 'withdraw':
      return sequence(state, input.keys, (current, key) => withdraw(current, key, input.at))
    case 'stop':
      return sequence(state, input.keys === 'all' ? stoppable(state, input.at) : input.keys, (current, key) =>
        end(current, key, 'STOPPED', CUT_FADE_MS),
      )
    case 'mute':
      return mute(state, input.on)
    case 'hold':
      return unchanged({ ...state, held: input.on })
    case 'quiet':
      return quietCut({ ...state, quiet: input.spans }, input.at)
    case 'playout':
      return { state: { ...(input.up ? state : clearNext(state)), playoutUp: input.up }, effects: [] }
    case 'started':
      return started(state, input)
    case 'progress':
      return progress(state, input)
    case 'ended':
      return ended(state, input)
  }
}

const unchanged = (state: ArbiterState): Step => ({ state, effects: [] })

function sequence(
  start: ArbiterState,
  keys: readonly string[],
  one: (state: ArbiterState, key: string) => Step,
): Step {
  return keys.reduce<Step>((step, key) => {
    const next = one(step.state, key)
    return { state: next.state, effects: [...step.effects, ...next.effects] }
  }, unchanged(start))
}

/** What plays or waits; neither alerts nor what is only armed for a second to come. */
const stoppable = ({ sounding, waiting }: ArbiterState, now: EpochMs): readonly string[] => [
  ...(sounding && sounding.programme.alert === undefined ? [sounding.programme.key] : []),
  ...waiting
    .filter(
      ({ programme, dueAt, asRun }) =>
        programme.alert === undefined && (dueAt <= now || asRun.startedAt !== undefined),
    )
    .map(({ programme }) => programme.key),
]

const find = (state: ArbiterState, key: string): Waiting | undefined =>
  state.waiting.find((entry) => entry.programme.key === key)

/** What the plan says of a programme that has not begun. */
const planFor = (
  programme: Programme,
): Pick<Waiting, 'programme' | 'dueAt' | 'deadline' | 'overdue' | 'joinsAt'> => ({
  programme,
  dueAt: programme.planned,
  deadline: epochMs(programme.planned + programme.item.late.withinSeconds * 1000),
  overdue: { result: 'missed', reason: programme.missedReason },
  ...(programme.item.late.policy === 'join' ? { joinsAt: programme.planned } : {}),
})

function arm(state: ArbiterState, input: InputOf<'arm'>): Step {
  const { programme, readiness, takeUp, opened = false } = input
  if (find(state, programme.key) !== undefined || state.sounding?.programme.key === programme.key)
    return unchanged(state)
  const dueAt = epochMs(Math.min(programme.planned, input.at))
  const entry: Waiting = takeUp
    ? { programme, dueAt, readiness, ...takeUp, cause: 'lost', opened: true }
    : { ...planFor(programme), readiness, asRun: NOTHING_RUN, cause: 'due', opened }
  return unchanged({ ...state, waiting: [...state.waiting, entry] })
}

function revise(state: ArbiterState, { programme, readiness }: InputOf<'revise'>): Step {
  const entry = find(state, programme.key)
  if (entry === undefined || entry.cause !== 'due') return unchanged(state)
  const { asRun, cause, opened } = entry
  const revised: Waiting = {
    ...planFor(programme),
    readiness: readiness ?? entry.readiness,
    asRun,
    cause,
    opened,
  }
  const reorders = readiness !== undefined && state.next?.key === programme.key
  const free = reorders ? withdrawNext(state) : unchanged(state)
  return { state: replaceWaiting(free.state, revised), effects: free.effects }
}

/**
 * A clip that playout already holds is left as it was laid out: it may be sounding within the second. One that has
 * begun goes on as it was laid out: its position counts the frames of that clip.
 */
function become(state: ArbiterState, input: InputOf<'readiness'>): Step {
  if (state.sounding?.programme.key === input.key)
    return unchanged(grow(state, state.sounding, input.readiness))
  const entry = find(state, input.key)
  if (entry === undefined || state.next?.key === input.key) return unchanged(state)
  if (entry.cause !== 'due' && entry.readiness.state === 'ready') return unchanged(state)
  return unchanged(replaceWaiting(state, { ...entry, readiness: input.readiness }))
}

/** The words of an alert may come while its siren sounds: they follow it. Anything else goes on as it was laid out. */
function grow(state: ArbiterState, sounding: Sounding, readiness: Readiness): ArbiterState {
  if (sounding.programme.alert === undefined || readiness.state !== 'ready') return state
  const { segments } = sounding.clip
  const longer = readiness.clip.segments
  const begins = JSON.stringify(longer.slice(0, segments.length)) === JSON.stringify(segments)
  return longer.length > segments.length && begins
    ? { ...state, sounding: { ...sounding, grown: readiness } }
    : state
}

/** Tells what sounds to end; its record follows when playout has reported the end. */
function endSounding(
  state: ArbiterState,
  sounding: Sounding,
  reason: NonNullable<Sounding['ending']>,
  fadeMs: number,
): Step {
  if (sounding.ending !== undefined) return unchanged(state)
  return {
    state: { ...state, sounding: { ...sounding, ending: reason } },
    effects: [{ kind: 'cut', order: sounding.order.id, fadeMs }],
  }
}

/** Ends a programme for good wherever it stands. */
function end(state: ArbiterState, key: string, reason: 'STOPPED' | 'CANCELLED', fadeMs: number): Step {
  if (state.sounding?.programme.key === key) return endSounding(state, state.sounding, reason, fadeMs)
  const entry = find(state, key)
  if (entry === undefined) return unchanged(state)
  return dismiss(state, entry, brokenOutcome(entry.asRun, reason, 'skipped'))
}

function withdraw(state: ArbiterState, key: string, now: EpochMs): Step {
  const entry = find(state, key)
  // After a step back of the clock the second of what has begun may lie ahead again.
  if (entry === undefined || entry.dueAt <= now || entry.asRun.startedAt !== undefined)
    return end(state, key, 'CANCELLED', CUT_FADE_MS)
  const { state: dismissed, effects } = dismiss(state, entry, { result: 'skipped', reason: 'CANCELLED' })
  const forget: Effect[] = entry.opened ? [{ kind: 'forget', programme: entry.programme }] : []
  return { state: dismissed, effects: [...effects.filter((effect) => effect.kind !== 'record'), ...forget] }
}

function mute(state: ArbiterState, on: boolean): Step {
  const muted = { ...state, muted: on }
  if (!on) return unchanged(muted)
  const cut = state.sounding ? endSounding(muted, state.sounding, 'MUTED', MUTE_FADE_MS) : unchanged(muted)
  const begun = state.waiting.filter((entry) => entry.asRun.frames > 0).map((entry) => entry.programme.key)
  const rest = sequence(cut.state, begun, (current, key) => {
    const entry = find(current, key)
    return entry ? dismiss(current, entry, { result: 'partial', reason: 'MUTED' }) : unchanged(current)
  })
  return { state: rest.state, effects: [...cut.effects, ...rest.effects] }
}

/** What still plays when quiet hours begin is faded over three seconds. */
function quietCut(state: ArbiterState, now: EpochMs): Step {
  const { sounding } = state
  if (sounding === undefined || !sounding.programme.obeysQuietHours) return unchanged(state)
  const quiet = state.quiet.some((span) => now >= span.from && now < span.to)
  return quiet ? endSounding(state, sounding, 'QUIET_HOURS', QUIET_FADE_MS) : unchanged(state)
}

const round3 = (value: number): number => Math.round(value * 1000) / 1000

function started(state: ArbiterState, input: InputOf<'started'>): Step {
  const { next } = state
  if (next === undefined || next.order.id !== input.order) return unchanged(state)
  const entry = find(state, next.key)
  if (entry === undefined || entry.readiness.state !== 'ready') return unchanged(state)
  const { programme, readiness, asRun } = entry
  const { at, fromFrame, punctual } = next.order
  const begun: AsRun = {
    ...asRun,
    position: fromFrame,
    joinedLate: asRun.joinedLate || fromFrame - asRun.position > framesOf(LOSS_TOLERANCE_SECONDS),
    ...(asRun.startedAt === undefined
      ? {
          startedAt: input.started,
          startErrorMs: round3(input.started - (punctual ? at : input.intended)),
        }
      : {}),
  }
  const sounding: Sounding = {
    programme,
    clip: readiness.clip,
    limited: readiness.limited,
    asRun: begun,
    ...(readiness.fault === undefined ? {} : { missing: readiness.fault }),
    order: next.order,
    startedAt: input.started,
  }
  const waiting = state.waiting.filter((other) => other !== entry)
  return { state: { ...clearNext(state), sounding, waiting }, effects: [{ kind: 'sounding', programme }] }
}

function progress(state: ArbiterState, input: InputOf<'progress'>): Step {
  const { sounding } = state
  if (sounding?.order.id !== input.order) return unchanged(state)
  return unchanged({
    ...state,
    sounding: { ...sounding, asRun: { ...sounding.asRun, position: input.frame } },
  })
}
