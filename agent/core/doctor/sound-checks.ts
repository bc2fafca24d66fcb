import type { Check } from './check.ts'
import { detailOf, hasProblem, ofAgent, timeOf } from './of-agent.ts'
import { fail, ok, warn } from './told.ts'

const device = ofAgent((agent, say) => [
  hasProblem(agent, 'AUDIO_DEVICE')
    ? fail(say.sound.deviceLost(detailOf(agent, 'AUDIO_DEVICE')), 'AUDIO_DEVICE')
    : ok(say.sound.device),
])

const underruns = ofAgent(({ status }, say) => [
  status.underruns === 0 ? ok(say.sound.noUnderruns) : warn(say.sound.underruns(status.underruns)),
])

const amplifiers = ofAgent((agent, say) => {
  const code = hasProblem(agent, 'AMPLIFIER') ? 'AMPLIFIER' : 'AMPLIFIER_STUCK'
  return Object.entries(agent.status.amps).map(([id, state]) =>
    state === 'stuck'
      ? fail(say.sound.stuck(id, detailOf(agent, code)), code)
      : ok(say.sound.amplifier(id, state)),
  )
})

const hearing = ofAgent((agent, say) => {
  const { hearing: trend } = agent.status
  if (trend === undefined) return []
  if (hasProblem(agent, 'CAPTURE')) return [warn(say.sound.deaf(detailOf(agent, 'CAPTURE')), 'CAPTURE')]
  if (hasProblem(agent, 'NOT_HEARD'))
    return [fail(say.sound.notHeard(detailOf(agent, 'NOT_HEARD')), 'NOT_HEARD')]
  return [ok(say.sound.heard(trend.of, Math.round(100 * (trend.mean ?? 0))))]
})

const signs = ofAgent((agent, say) =>
  Object.entries(agent.status.signs).map(([id, state]) =>
    state === 'fault'
      ? fail(say.sound.signLost(id, detailOf(agent, 'SIGN')), 'SIGN')
      : ok(say.sound.sign[agent.status.shown[id] ?? 'waiting'](id)),
  ),
)

const lines = ofAgent((agent, say) => [
  hasProblem(agent, 'SPEAKER_LINE')
    ? fail(say.sound.lineSuspect(detailOf(agent, 'SPEAKER_LINE')), 'SPEAKER_LINE')
    : undefined,
  ...Object.entries(agent.status.lines).map(([id, { state, loadPercent }]) => {
    if (state === 'learning') return ok(say.sound.lineLearning(id))
    return state === 'ok' ? ok(say.sound.line(id, loadPercent?.toFixed(0) ?? '')) : undefined
  }),
])

const silence = ofAgent((agent, say) => [
  agent.status.muted ? warn(say.sound.muted, 'MUTED') : ok(say.sound.audible),
  agent.quietUntil === undefined ? undefined : ok(say.sound.quiet(timeOf(agent, agent.quietUntil))),
])

/** What is to be heard and seen, and what it comes out of. */
export const SOUND_CHECKS: readonly Check[] = [
  {
    group: 'sound',
    name: 'device',
    about: 'the agent has no fault of the sound device',
    codes: ['AUDIO_DEVICE'],
    explainedBy: ['card'],
    run: device,
  },
  {
    group: 'sound',
    name: 'underruns',
    about: 'the sound device was fed in time',
    explainedBy: ['card', 'device'],
    run: underruns,
  },
  {
    group: 'sound',
    name: 'hearing',
    about: 'what was played was heard by the microphone',
    codes: ['CAPTURE', 'NOT_HEARD'],
    explainedBy: ['card', 'device', 'microphone'],
    run: hearing,
  },
  {
    group: 'sound',
    name: 'silence',
    about: 'not muted; quiet hours',
    codes: ['MUTED'],
    run: silence,
  },
  {
    group: 'amplifier',
    name: 'amplifiers',
    about: 'relays can be driven, and read-back contacts agree with them',
    codes: ['AMPLIFIER', 'AMPLIFIER_STUCK'],
    explainedBy: ['relay-lines'],
    run: amplifiers,
  },
  {
    group: 'amplifier',
    name: 'lines',
    about: 'loudspeaker lines take the current that was learned',
    codes: ['SPEAKER_LINE'],
    run: lines,
  },
  {
    group: 'sign',
    name: 'signs',
    about: 'each sign works, and how it is known that it shows its page',
    codes: ['SIGN'],
    explainedBy: ['ports'],
    run: signs,
  },
]
