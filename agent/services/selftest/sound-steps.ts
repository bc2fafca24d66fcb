import type { Code } from '../../core/codes.ts'
import { PILOT, PILOT_HEARD, SIREN, SWEEP } from '../../core/selftest/plan.ts'
import type { SelftestStep, StepKind } from '../../core/selftest/report.ts'
import type { PlayProgress } from '../../core/status.ts'
import type { LocalPlayArgs } from '../local-play.ts'
import { Cut } from './cut.ts'
import type { SelftestParts } from './parts.ts'

type Played = {
  readonly ended: Extract<PlayProgress, { readonly state: 'ended' }>
  /** Percent, after master and caps. */
  readonly volume: number | undefined
}

/** Ended by others, not by a fault. */
const CUT_BY: ReadonlySet<Code> = new Set<Code>(['PREEMPTED', 'STOPPED', 'MUTED'])

async function* nothing(): AsyncIterable<Uint8Array> {}

async function play(
  { localPlay, play: output }: SelftestParts,
  args: LocalPlayArgs,
  onItem: (item: string) => void,
  signal: AbortSignal,
): Promise<Played> {
  let volume: number | undefined
  for await (const step of localPlay.run(args, nothing(), signal)) {
    onItem(step.item)
    if (step.state === 'playing') volume = output.playing?.volume
    if (step.state === 'ended') return { ended: step, volume }
  }
  throw new Cut({ code: 'AUDIO_DEVICE' })
}

/** What of the sound says that something is wrong. */
function faultOf({ ended, volume }: Played): Pick<SelftestStep, 'code' | 'message'> | undefined {
  const { result, reason } = ended
  if (result === 'preempted' || (reason !== undefined && CUT_BY.has(reason)))
    throw new Cut({ code: reason ?? 'PREEMPTED' })
  if (result !== 'completed') return { code: reason ?? 'AUDIO_DEVICE' }
  if (volume === 0) return { code: 'POLICY', message: 'the master volume or a cap makes it silent' }
  return ended.relay === false ? { code: 'AMPLIFIER_STUCK' } : undefined
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000

const stepOf = (step: StepKind, played: Played, facts: SelftestStep['facts']): SelftestStep => {
  const fault = faultOf(played)
  const { playedSeconds, heard, relay } = played.ended
  return {
    step,
    result: fault === undefined ? 'ok' : 'problem',
    ...fault,
    facts: {
      ...facts,
      ...(played.volume === undefined ? {} : { volume: rounded(played.volume) }),
      playedSeconds: rounded(playedSeconds),
      ...(relay === undefined ? {} : { relay }),
      ...(heard === undefined ? {} : { heard: rounded(heard) }),
    },
  }
}

type Sounding = (
  parts: SelftestParts,
  onItem: (item: string) => void,
  signal: AbortSignal,
) => Promise<SelftestStep>

export const playSweep: Sounding = async (parts, onItem, signal) => {
  const { hz, toHz, seconds, volume } = SWEEP
  const played = await play(parts, { tone: { hz, toHz }, seconds, volume }, onItem, signal)
  return stepOf('sweep', played, { fromHz: hz, toHz, seconds })
}

export const playSiren: Sounding = async (parts, onItem, signal) => {
  const { sound, seconds } = SIREN
  const played = await play(parts, { ...SIREN }, onItem, signal)
  return stepOf('siren', played, { sound, seconds })
}

/** Proof of hearing, where something listens. */
export const playPilot: Sounding = async (parts, onItem, signal) => {
  if (!parts.hasCapture) return { step: 'pilot', result: 'absent', facts: {} }
  const step = stepOf('pilot', await play(parts, { pilot: true, ...PILOT }, onItem, signal), {})
  if (step.result !== 'ok') return step
  const { heard } = step.facts
  if (heard === undefined) {
    const told = parts.condition.problems.find(({ code }) => code === 'CAPTURE')
    const message = told?.detail
    return { ...step, result: 'problem', code: 'CAPTURE', ...(message === undefined ? {} : { message }) }
  }
  return Number(heard) >= PILOT_HEARD ? step : { ...step, result: 'problem', code: 'NOT_HEARD' }
}
