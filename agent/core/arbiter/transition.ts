import type { Outcome } from '../record/playback.ts'
import { type EpochMs, epochMs } from '../time.ts'
import { type AsRun, brokenOutcome, finishedOutcome, NOTHING_RUN } from './programme.ts'
import { clearNext, dismiss, replaceWaiting, settle } from './settle.ts'
import type { ArbiterState, Effect, Input, Sounding, Step, Waiting } from './state.ts'

/** A preempted programme that is not back within this is over. */
const RESUME_WITHIN_MS = 60 * 60_000
/** Sound lost with the playout process must be back within this. */
const LOST_WITHIN_MS = 10_000
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
  return { state: settled.state, effects: [...told.effects, ...settled.effects] }
}

function tell(state: ArbiterState, input: Input): Step {
  switch (input.kind) {
    case 'tick':
      return quietCut(state, input.at)
    case 'arm':
      return arm(state, input)
    case 'readiness':
      return become(state, input)
    case 'withdraw':
      return sequence(state, input.keys, (current, key) => withdraw(current, key, input.at))
    case 'stop':
      return sequence(state, input.keys === 'all' ? allKeys(state) : input.keys, (current, key) =>
        end(current, key, 'STOPPED', CUT_FADE_MS),
      )
    case 'mute':
      return mute(state, input.on)
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

const allKeys = (state: ArbiterState): readonly string[] => [
  ...(state.sounding ? [state.sounding.programme.key] : []),
  ...state.waiting.map((entry) => entry.programme.key),
]

const find = (state: ArbiterState, key: string): Waiting | undefined =>
  state.waiting.find((entry) => entry.programme.key === key)

function arm(state: ArbiterState, input: InputOf<'arm'>): Step {
  const { programme, readiness, takeUp } = input
  if (find(state, programme.key) !== undefined || state.sounding?.programme.key === programme.key)
    return unchanged(state)
  const entry: Waiting = {
    programme,
    readiness,
    asRun: takeUp?.asRun ?? NOTHING_RUN,
    cause: takeUp ? 'lost' : 'due',
    deadline: takeUp?.deadline ?? epochMs(programme.planned + programme.item.late.withinSeconds * 1000),
    overdue: takeUp?.overdue ?? { result: 'missed', reason: programme.missedReason },
    opened: takeUp !== undefined,
  }
  return unchanged({ ...state, waiting: [...state.waiting, entry] })
}

/** A clip that playout already holds is left as it was laid out: it may be sounding within the second. */
function become(state: ArbiterState, input: InputOf<'readiness'>): Step {
  const entry = find(state, input.key)
  if (entry === undefined || state.next?.key === input.key) return unchanged(state)
  return unchanged(replaceWaiting(state, { ...entry, readiness: input.readiness }))
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
  if (entry === undefined || entry.programme.planned <= now) return end(state, key, 'CANCELLED', CUT_FADE_MS)
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
  const first = asRun.startedAt === undefined
  const intended = next.order.punctual ? programme.planned : input.intended
  const begun: AsRun = first
    ? {
        ...asRun,
        startedAt: input.started,
        startErrorMs: round3(input.started - intended),
        joinedLate: asRun.joinedLate || next.order.fromFrame > 0,
      }
    : asRun
  const sounding: Sounding = {
    programme,
    clip: readiness.clip,
    limited: readiness.limited,
    asRun: readiness.fault ? { ...begun, fault: begun.fault ?? readiness.fault } : begun,
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

function ended(state: ArbiterState, input: InputOf<'ended'>): Step {
  if (state.next?.order.id === input.order) return unstarted(state, state.next.key, input)
  const { sounding } = state
  if (sounding?.order.id !== input.order) return unchanged(state)
  const asRun = after(sounding.asRun, input)
  const { sounding: _over, ...rest } = state
  const silent: Effect = { kind: 'silent', programme: sounding.programme }
  const back = sounding.ending === undefined ? comesBack(sounding, asRun, input) : undefined
  if (back !== undefined) return { state: { ...rest, waiting: [...rest.waiting, back] }, effects: [silent] }
  const outcome = outcomeOf(sounding, asRun, input)
  return { state: rest, effects: [silent, { kind: 'record', programme: sounding.programme, asRun, outcome }] }
}

/** An order that ended before it started: playout refused or lost it. */
function unstarted(state: ArbiterState, key: string, input: InputOf<'ended'>): Step {
  const entry = find(state, key)
  const free = clearNext(state)
  if (entry === undefined || input.end !== 'failed') return unchanged(free)
  const asRun = after(entry.asRun, input)
  return dismiss(free, { ...entry, asRun }, brokenOutcome(asRun, input.code ?? 'AUDIO_DEVICE', 'failed'))
}

function after(asRun: AsRun, input: InputOf<'ended'>): AsRun {
  const fault = asRun.fault ?? input.fault
  const relay = input.relay === undefined ? asRun.relay : (asRun.relay ?? true) && input.relay
  return {
    ...asRun,
    endedAt: input.ended,
    position: input.frame,
    frames: asRun.frames + input.frames,
    underruns: asRun.underruns + input.underruns,
    ...(fault === undefined ? {} : { fault }),
    ...(relay === undefined ? {} : { relay }),
  }
}

/** A programme that was cut or lost waits to go on, unless it is to be dropped. */
function comesBack(sounding: Sounding, asRun: AsRun, input: InputOf<'ended'>): Waiting | undefined {
  const { programme, clip, limited } = sounding
  const survived: AsRun = { ...asRun, cuts: asRun.cuts + 1 }
  const base = { programme, readiness: { state: 'ready', clip, limited }, opened: true } as const
  if (input.end === 'lost')
    return waitsUntil({ ...base, asRun: survived, cause: 'lost' }, input.ended + LOST_WITHIN_MS, {
      result: 'interrupted',
      reason: 'CRASHED',
    })
  if (input.end !== 'cut' || programme.item.onPreempt === 'drop') return undefined
  const kept = programme.item.onPreempt === 'restart' ? { ...survived, position: 0 } : survived
  return waitsUntil({ ...base, asRun: kept, cause: 'preempted' }, input.ended + RESUME_WITHIN_MS, {
    result: 'preempted',
    reason: 'PREEMPTED',
  })
}

const waitsUntil = (
  entry: Omit<Waiting, 'deadline' | 'overdue'>,
  deadline: number,
  overdue: Outcome,
): Waiting => ({
  ...entry,
  deadline: epochMs(deadline),
  overdue,
})

function outcomeOf(sounding: Sounding, asRun: AsRun, input: InputOf<'ended'>): Outcome {
  if (sounding.ending !== undefined && input.end !== 'finished')
    return brokenOutcome(asRun, sounding.ending, 'skipped')
  if (input.end === 'finished') return soundedAtAll(asRun, sounding, input)
  if (input.end === 'failed') return brokenOutcome(asRun, input.code ?? 'AUDIO_DEVICE', 'failed')
  return input.end === 'cut'
    ? { result: 'preempted', reason: 'PREEMPTED' }
    : { result: 'interrupted', reason: 'CRASHED' }
}

/** A clip whose end came although none of it could sound has failed, whatever the clock says. */
function soundedAtAll(asRun: AsRun, sounding: Sounding, input: InputOf<'ended'>): Outcome {
  if (asRun.frames === 0) return { result: 'failed', reason: asRun.fault ?? input.code ?? 'DECODER' }
  return finishedOutcome(asRun, sounding.limited)
}
