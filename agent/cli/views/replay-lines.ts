import type { Input } from '../../core/arbiter/state.ts'
import { FRAMES_PER_SECOND } from '../../core/clip.ts'
import type { Decision } from '../../core/replay/decision.ts'
import type { Call } from '../call.ts'
import { localTime } from '../text/time.ts'
import { plain, wrap } from '../text/width.ts'

/** An instant of the device, to the millisecond: what decides is often less than a second. */
export const instantIn = (at: number, zone: string): string => {
  const whole = new Date(Math.floor(at))
  const { date, time } = localTime(whole.toISOString(), zone)
  return `${date} ${time}.${String(whole.getUTCMilliseconds()).padStart(3, '0')}`
}

const secondsOf = (frames: number): string => String(Math.round((frames / FRAMES_PER_SECOND) * 100) / 100)

/** What the arbiter was told, in words. */
export const inputWords = ({ say }: Call, input: Input): string => {
  const { inputs, readiness, ends } = say.support.replay
  switch (input.kind) {
    case 'tick':
      return inputs.tick
    case 'arm':
      return inputs.arm(input.programme.key, readiness[input.readiness.state])
    case 'revise':
      return inputs.revise(input.programme.key)
    case 'readiness':
      return inputs.readiness(input.key, readiness[input.readiness.state])
    case 'clock':
      return inputs.clock(input.stepMs)
    case 'withdraw':
      return inputs.withdraw(input.keys.join(', '))
    case 'stop':
      return inputs.stop(typeof input.keys === 'string' ? input.keys : input.keys.join(', '))
    case 'mute':
      return inputs.mute(input.on)
    case 'hold':
      return inputs.hold(input.on)
    case 'quiet':
      return inputs.quiet(input.spans.length)
    case 'playout':
      return inputs.playout(input.up)
    case 'started':
      return inputs.started(input.order)
    case 'progress':
      return inputs.progress(input.order, secondsOf(input.frame))
    case 'ended':
      return inputs.ended(input.order, ends[input.end], secondsOf(input.frame))
  }
}

/** What the arbiter decided, in words. */
export const decisionWords = ({ say }: Call, decision: Decision, zone: string): string => {
  const { decisions } = say.support.replay
  if (decision.kind === 'schedule') {
    const { id, at, fromFrame } = decision.order
    return decisions.schedule(id, instantIn(at, zone), secondsOf(fromFrame))
  }
  if (decision.kind === 'cut') return decisions.cut(decision.order, decision.fadeMs)
  if (decision.kind !== 'record') return decisions[decision.kind](decision.programme)
  const { outcome, programme } = decision
  const result = say.results[outcome.result]
  return decisions.record(programme, 'reason' in outcome ? `${result} ${outcome.reason}` : result)
}

const INDENT = 8

/** A list of decisions, one below the other, with what they are in front. */
export const decisionLines = (
  call: Call,
  decisions: readonly Decision[],
  zone: string,
  label = '->',
): readonly string[] => {
  const words =
    decisions.length === 0
      ? [call.say.support.replay.nothing]
      : decisions.map((each) => decisionWords(call, each, zone))
  return words.flatMap((text) =>
    wrap(`${label} ${plain(text)}`, call.columns - INDENT).map((line) => `${' '.repeat(INDENT)}${line}`),
  )
}
