import { FRAMES_PER_SECOND } from '../clip.ts'
import type { Outcome } from '../record/playback.ts'
import { type EpochMs, epochMs } from '../time.ts'
import { type AsRun, brokenOutcome, finishedOutcome } from './programme.ts'
import { proofAfter } from './proof.ts'
import { clearNext, dismiss } from './settle.ts'
import type { ArbiterState, Effect, Input, Sounding, Step, Waiting } from './state.ts'

/** A preempted programme that is not back within this is over. */
const RESUME_WITHIN_MS = 60 * 60_000
/** Sound lost with the playout process must be back within this. */
const LOST_WITHIN_MS = 10_000

type Ended = Extract<Input, { kind: 'ended' }>

/** Playout has ended an order: its programme has its record, or waits to go on. */
export function ended(state: ArbiterState, input: Ended): Step {
  if (state.next?.order.id === input.order) return unstarted(state, state.next.key, input)
  const { sounding } = state
  if (sounding?.order.id !== input.order) return { state, effects: [] }
  const asRun = after(sounding.asRun, input)
  const { sounding: _over, ...rest } = state
  const silent: Effect = { kind: 'silent', programme: sounding.programme }
  const back = sounding.ending === undefined ? comesBack(sounding, asRun, input) : undefined
  if (back !== undefined) return { state: { ...rest, waiting: [...rest.waiting, back] }, effects: [silent] }
  const outcome = outcomeOf(sounding, asRun, input)
  return { state: rest, effects: [silent, { kind: 'record', programme: sounding.programme, asRun, outcome }] }
}

/** An order that ended before it started: playout refused or lost it. */
function unstarted(state: ArbiterState, key: string, input: Ended): Step {
  const entry = state.waiting.find((waiting) => waiting.programme.key === key)
  const free = clearNext(state)
  if (entry === undefined || input.end !== 'failed') return { state: free, effects: [] }
  const asRun = after(entry.asRun, input)
  return dismiss(free, { ...entry, asRun }, brokenOutcome(asRun, input.code ?? 'AUDIO_DEVICE', 'failed'))
}

function after(asRun: AsRun, input: Ended): AsRun {
  const fault = asRun.fault ?? input.fault
  const { relay: _relay, heard: _heard, ...rest } = asRun
  return {
    ...rest,
    endedAt: input.ended,
    position: input.frame,
    frames: asRun.frames + input.frames,
    underruns: asRun.underruns + input.underruns,
    ...(fault === undefined ? {} : { fault }),
    ...proofAfter(asRun, input),
  }
}

/** A programme that was cut or lost waits to go on, unless it is to be dropped; so does an alert whose words have come. */
function comesBack(sounding: Sounding, asRun: AsRun, input: Ended): Waiting | undefined {
  const { programme, clip, limited, missing, grown } = sounding
  const survived: AsRun = { ...asRun, cuts: asRun.cuts + 1 }
  const readiness = {
    state: 'ready',
    clip,
    limited,
    ...(missing === undefined ? {} : { fault: missing }),
  } as const
  const dueAt = epochMs(Math.min(programme.planned, input.ended))
  const base = { programme, dueAt, readiness, opened: true } as const
  if (input.end === 'finished') {
    if (grown === undefined) return undefined
    const soFar = outcomeOf(sounding, asRun, input)
    return waitsUntil(
      { ...base, readiness: grown, asRun, cause: 'lost' },
      input.ended + LOST_WITHIN_MS,
      soFar,
    )
  }
  if (input.end === 'lost')
    return waitsUntil(
      { ...base, asRun: survived, cause: 'lost', leftAt: lastSeen(sounding, input) },
      input.ended + LOST_WITHIN_MS,
      { result: 'interrupted', reason: 'CRASHED' },
    )
  if (input.end !== 'cut' || programme.item.onPreempt === 'drop') return undefined
  const kept = programme.item.onPreempt === 'restart' ? { ...survived, position: 0 } : survived
  return waitsUntil(
    { ...base, asRun: kept, cause: 'preempted', leftAt: input.ended },
    input.ended + RESUME_WITHIN_MS,
    { result: 'preempted', reason: 'PREEMPTED' },
  )
}

/** The position of what was lost is that of the last report, which lies behind its end. */
const lastSeen = ({ order, startedAt }: Sounding, { frame, ended }: Ended): EpochMs =>
  epochMs(Math.min(ended, startedAt + ((frame - order.fromFrame) / FRAMES_PER_SECOND) * 1000))

const waitsUntil = (
  entry: Omit<Waiting, 'deadline' | 'overdue'>,
  deadline: number,
  overdue: Outcome,
): Waiting => ({
  ...entry,
  deadline: epochMs(deadline),
  overdue,
})

function outcomeOf(sounding: Sounding, asRun: AsRun, input: Ended): Outcome {
  if (sounding.ending !== undefined && input.end !== 'finished')
    return brokenOutcome(asRun, sounding.ending, 'skipped')
  if (input.end === 'finished') return soundedAtAll(asRun, sounding, input)
  if (input.end === 'failed') return brokenOutcome(asRun, input.code ?? 'AUDIO_DEVICE', 'failed')
  return input.end === 'cut'
    ? { result: 'preempted', reason: 'PREEMPTED' }
    : { result: 'interrupted', reason: 'CRASHED' }
}

/** A clip whose end came although none of it could sound has failed, whatever the clock says. */
function soundedAtAll(asRun: AsRun, sounding: Sounding, input: Ended): Outcome {
  const fault = asRun.fault ?? sounding.missing
  if (asRun.frames === 0) return { result: 'failed', reason: fault ?? input.code ?? 'DECODER' }
  return finishedOutcome(fault === undefined ? asRun : { ...asRun, fault }, sounding.limited)
}
