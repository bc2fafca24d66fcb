import type { NextItem } from '../status.ts'
import type { Check } from './check.ts'
import type { AgentFacts, DoctorFacts } from './facts.ts'
import { daysUntil, hasProblem, ofAgent, timeOf } from './of-agent.ts'
import { fail, ok, type Told, warn } from './told.ts'
import type { DoctorWords } from './words.ts'

const MISSING_NAMED = 3
const DIGEST_SHOWN = 12
/** Items later than that have time. */
const AHEAD_DAYS = 1

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

/** Every content server: then nothing more comes. */
const isUnreachable = ({ outside }: DoctorFacts): boolean =>
  outside !== undefined && outside.hosts.length > 0 && outside.hosts.every(({ state }) => state !== 'open')

const media = ofAgent((agent, say, facts) => {
  const next = agent.status.next.filter(({ at }) => daysUntil(agent, at) <= AHEAD_DAYS)
  const waiting = next.filter(({ armed }) => !armed)
  if (next.length === 0) return [ok(say.media.nothingPlanned)]
  if (waiting.length === 0) return [ok(say.media.armed(next.length))]
  // Nothing can be fetched, or there is no room: told by its own check.
  const causeTold =
    agent.settings.allow.length === 0 || hasProblem(agent, 'DISK_FULL') || isUnreachable(facts)
  return waiting
    .filter(({ reason }) => reason !== 'NO_MEDIA' || !causeTold)
    .map((each) => unarmed(each, agent, say))
})

/** Files that are not needed in the next 24 hours count too: a bad one stays bad. */
const files = ofAgent((agent, say) => {
  const { wanted, present } = agent.status.media
  const bad = agent.missing.filter(({ code }) => code === 'BAD_MEDIA')
  if (bad.length === 0) return [ok(say.media.files(present, wanted))]
  const names = bad.map(({ sha256 }) => sha256.slice(0, DIGEST_SHOWN)).join(', ')
  return [warn(say.media.bad(names), 'BAD_MEDIA')]
})

const hosts: Check['run'] = ({ outside }, say) =>
  (outside?.hosts ?? []).flatMap(
    ({ url, state, detail = '', validTo = '', validFrom = '' }): readonly Told[] => {
      switch (state) {
        case 'open':
          return [ok(say.content.reached(url))]
        case 'name':
          // Told by the check of names.
          return []
        case 'expired':
          return [fail(say.certificate.expired(url, validTo), 'NO_MEDIA')]
        case 'not-yet':
          return [fail(say.certificate.notYet(url, validFrom), 'NO_MEDIA')]
        case 'untrusted':
        case 'authority':
        case 'other-name':
        case 'no-tls':
          return [fail(say.content.distrusted(url, detail), 'NO_MEDIA')]
        default:
          return [fail(say.content.unreached(url, say.reach[state](detail)), 'NO_MEDIA')]
      }
    },
  )

/** Where files come from, and whether those that are needed are here. */
export const CONTENT_CHECKS: readonly Check[] = [
  {
    group: 'content',
    name: 'allowed',
    about: 'content.allow names a content server',
    run: allowed,
  },
  {
    group: 'content',
    name: 'hosts',
    about: 'each server of content.allow takes a connection within 2 s',
    codes: ['NO_MEDIA'],
    explainedBy: ['link', 'way', 'name-servers', 'compared', 'clock'],
    run: hosts,
  },
  {
    group: 'media',
    name: 'armed',
    about: 'what is planned for the next 24 hours has everything it needs',
    codes: ['NO_MEDIA', 'BAD_MEDIA', 'STREAM'],
    run: media,
  },
  {
    group: 'media',
    name: 'files',
    about: 'how many of the files that are wanted are here, and none of them is bad',
    codes: ['BAD_MEDIA'],
    explainedBy: ['disk'],
    run: files,
  },
]
