import type { NextItem } from '../status.ts'
import { type Check, fail, ok, type Told, warn } from './check.ts'
import type { AgentFacts } from './facts.ts'
import { detailOf, hasProblem, ofAgent, timeOf } from './of-agent.ts'
import type { DoctorWords } from './words.ts'

const MISSING_NAMED = 3
const DIGEST_SHOWN = 12
/** Once may be somebody at work, or the restart of a hub. */
const LOSSES_TOLD = 2

const awaitsFiles = ({ status }: AgentFacts): boolean =>
  status.next.some(({ armed, reason }) => !armed && reason === 'NO_MEDIA')

const allowed = ofAgent((agent, say) => {
  const { allow } = agent.settings
  if (allow.length > 0) return [ok(say.content.allowed(allow.join(', ')))]
  const told = awaitsFiles(agent) ? fail : warn
  return [told(say.content.nothingAllowed)]
})

/** Every file that is missing waits for a cheap link or its last moment. */
const isThrifty = ({ missing }: AgentFacts): boolean =>
  missing.length > 0 && missing.every(({ waitsUntil }) => waitsUntil !== undefined)

const unarmed = ({ item, at, reason }: NextItem, agent: AgentFacts, say: DoctorWords): Told => {
  const due = timeOf(agent, at)
  // A stream is asked from an hour ahead.
  if (reason === undefined) return ok(say.media.notAskedYet(item, due))
  if (reason === 'NO_MEDIA' && isThrifty(agent)) return ok(say.media.waits(item, due))
  const ofFiles = reason === 'NO_MEDIA' || reason === 'BAD_MEDIA'
  const named = ofFiles ? agent.missing.slice(0, MISSING_NAMED) : []
  const files = named.map(({ sha256, state, code }) =>
    say.media.missing(sha256.slice(0, DIGEST_SHOWN), code ?? state),
  )
  const what = [say.media.notArmed(item, due, reason), ...files].join('; ')
  return warn([what, say.media.notArmedNext(reason)], reason)
}

const media = ofAgent((agent, say) => {
  const { next } = agent.status
  const waiting = next.filter(({ armed }) => !armed)
  if (next.length === 0) return [ok(say.media.nothingPlanned)]
  if (waiting.length === 0) return [ok(say.media.armed(next.length))]
  // Nothing can be fetched, or there is no room: told by its own check.
  const causeTold = agent.settings.allow.length === 0 || hasProblem(agent, 'DISK_FULL')
  return waiting
    .filter(({ reason }) => reason !== 'NO_MEDIA' || !causeTold)
    .map((each) => unarmed(each, agent, say))
})

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

/** One that is gone is told by the check of the board. */
const adapters = ofAgent(({ status: { adapters: watched = [] } }, say) => {
  const loose = watched.filter(({ present, losses }) => present && losses >= LOSSES_TOLD)
  if (watched.length === 0) return []
  return loose.length === 0
    ? [ok(say.sound.steadyAdapters)]
    : loose.map(({ id, name, losses }) => warn(say.sound.looseAdapter(id, name, losses), 'ADAPTER'))
})

const silence = ofAgent((agent, say) => [
  agent.status.muted ? warn(say.sound.muted, 'MUTED') : ok(say.sound.audible),
  agent.quietUntil === undefined ? undefined : ok(say.sound.quiet(timeOf(agent, agent.quietUntil))),
])

/** What is to be heard and seen, and what it comes out of. */
export const SOUND_CHECKS: readonly Check[] = [
  { group: 'media', name: 'allowed', run: allowed },
  { group: 'media', name: 'armed', run: media },
  { group: 'sound', name: 'device', codes: ['AUDIO_DEVICE'], run: device },
  { group: 'sound', name: 'underruns', run: underruns },
  { group: 'sound', name: 'amplifiers', codes: ['AMPLIFIER', 'AMPLIFIER_STUCK'], run: amplifiers },
  { group: 'sound', name: 'hearing', codes: ['CAPTURE', 'NOT_HEARD'], run: hearing },
  { group: 'sound', name: 'signs', codes: ['SIGN'], run: signs },
  { group: 'sound', name: 'adapters', codes: ['ADAPTER'], run: adapters },
  { group: 'sound', name: 'silence', codes: ['MUTED'], run: silence },
]
