import { brokerAddress, brokerTrouble } from './broker-trouble.ts'
import type { Check } from './check.ts'
import type { DoctorFacts } from './facts.ts'
import { daysUntil, detailOf, hasProblem, isCutOff, ofAgent } from './of-agent.ts'
import type { ReachProbe, ReachState } from './outside.ts'
import { fail, ok, type Told, warn } from './told.ts'
import type { DoctorWords } from './words.ts'

const OLD_RECORD_HOURS = 0.25
const HOURS_A_DAY = 24
const DAY_MS = 86_400_000
/** Time enough for whoever keeps the broker. */
const RENEW_SERVER_DAYS = 14

const NOT_REACHED = ['refused', 'timeout', 'route', 'other'] as const
const isNotReached = (state: ReachState): state is (typeof NOT_REACHED)[number] =>
  NOT_REACHED.some((each) => each === state)

/** One is enough: with another broker in reach the device is served. */
const levelOf = ({ outside, agent }: DoctorFacts): typeof fail =>
  agent?.status.broker.connected === true || outside?.brokers.some(({ state }) => state === 'open') === true
    ? warn
    : fail

const inUse = ({ agent }: DoctorFacts, url: string): boolean => agent?.status.broker.url === url

const reached: Check['run'] = (facts, say) =>
  (facts.outside?.brokers ?? []).flatMap(({ url, state, detail = '' }): readonly Told[] => {
    // Told by the check of names.
    if (state === 'name') return []
    if (!isNotReached(state) || inUse(facts, url)) return [ok(say.broker.reached(url))]
    const { host, port } = brokerAddress(url)
    const why = say.reach[state](detail)
    return [
      levelOf(facts)([say.broker.unreached(url, why), say.broker.downNext[state](host, port)], 'BROKER'),
    ]
  })

/** What a certificate that was shown is worth; undefined where none was. */
const certificateOf = (
  { url, state, detail = '', ...dates }: ReachProbe,
  facts: DoctorFacts,
  say: DoctorWords,
) => {
  const { validFrom = '', validTo = '' } = dates
  const words = say.certificate
  switch (state) {
    case 'expired':
      // The connection that there is goes on, the next one fails.
      return fail(words.expired(url, validTo), 'BROKER')
    case 'not-yet':
      return fail(words.notYet(url, validFrom), 'BROKER')
    case 'untrusted':
      return levelOf(facts)(words.untrusted(url, detail), 'BROKER')
    case 'other-name':
      return levelOf(facts)(words.otherName(url, detail), 'BROKER')
    case 'no-tls':
      return levelOf(facts)(words.noTls(url), 'BROKER')
    case 'authority':
      return fail(words.authority(detail), 'BROKER')
    default:
      return valid(url, validTo, facts, say)
  }
}

const valid = (url: string, validTo: string, { at }: DoctorFacts, say: DoctorWords): Told | undefined => {
  const { certificate: words } = say
  if (!url.startsWith('mqtts:')) return ok(words.none(url))
  if (validTo === '') return undefined
  const days = (Date.parse(validTo) - Date.parse(at)) / DAY_MS
  return days < RENEW_SERVER_DAYS ? warn(words.ends(url, validTo)) : ok(words.fine(url, validTo))
}

const certificate: Check['run'] = (facts, say) =>
  (facts.outside?.brokers ?? []).flatMap((probe) => {
    if (probe.state === 'name' || isNotReached(probe.state)) return []
    return certificateOf(probe, facts, say) ?? []
  })

const broker = ofAgent((agent, say) => {
  const { broker: at } = agent.status
  if (at.connected) return [ok(say.broker.connected(at.url ?? ''))]
  const detail = detailOf(agent, 'BROKER')
  const { host, port } = brokerAddress(detail)
  return [fail([say.broker.down(detail), say.broker.downNext[brokerTrouble(detail)](host, port)], 'BROKER')]
})

const session = ofAgent((agent, say) => [
  hasProblem(agent, 'SESSION_TAKEN')
    ? fail(say.broker.taken(detailOf(agent, 'SESSION_TAKEN')), 'SESSION_TAKEN')
    : ok(say.broker.alone),
])

const credentials: Check['run'] = ({ files }, say) => {
  if (files === undefined) return []
  if (files.length === 0) return [ok(say.credentials.fine)]
  return files.map(({ path, message }) =>
    path === 'mqtt.cert' && message.startsWith('ENOENT')
      ? fail(say.credentials.notEnrolled, 'CREDENTIALS')
      : fail(say.credentials.fault(`${path}: ${message}`), 'CREDENTIALS'),
  )
}

const subscribed = ofAgent((agent, say) => {
  if (isCutOff(agent)) return []
  const { unsubscribed = [] } = agent
  return [
    unsubscribed.length === 0
      ? ok(say.broker.subscribed)
      : fail(say.broker.unsubscribed(unsubscribed.join(', ')), 'BROKER'),
  ]
})

const staleness = ofAgent((agent, say) => {
  if (isCutOff(agent)) return []
  return [
    hasProblem(agent, 'CONTROL_STALE')
      ? fail(say.documents.stale(detailOf(agent, 'CONTROL_STALE')), 'CONTROL_STALE')
      : ok(say.documents.fresh),
  ]
})

const outbox = ofAgent((agent, say) => {
  const { outbox: count } = agent.status
  if (count === 0) return [ok(say.outbox.empty)]
  if (isCutOff(agent)) return []
  const { oldestRecord } = agent
  const hours = oldestRecord === undefined ? 0 : -daysUntil(agent, oldestRecord) * HOURS_A_DAY
  return [
    hours > OLD_RECORD_HOURS ? warn(say.outbox.old(count, hours.toFixed(1))) : ok(say.outbox.waiting(count)),
  ]
})

const NO_WAY = ['link', 'way', 'name-servers'] as const

/** What connects the device with the province. */
export const BROKER_CHECKS: readonly Check[] = [
  {
    group: 'broker',
    name: 'reach',
    about: 'each broker of mqtt.urls takes a TCP connection within 2 s',
    codes: ['BROKER'],
    explainedBy: NO_WAY,
    run: reached,
  },
  {
    group: 'broker',
    name: 'certificate',
    about:
      "each broker's certificate: in date, from the authority in mqtt.ca, for that name; warn 14 days before its end",
    codes: ['BROKER'],
    explainedBy: ['compared', 'clock'],
    run: certificate,
  },
  {
    group: 'broker',
    name: 'credentials',
    about: "this device's certificate, key and password: there, closed to others, in date for 30 days",
    codes: ['CREDENTIALS'],
    run: credentials,
  },
  {
    group: 'broker',
    name: 'broker',
    about: 'the agent is connected and was let in',
    codes: ['BROKER'],
    explainedBy: [...NO_WAY, 'broker-names', 'reach', 'certificate', 'session'],
    run: broker,
  },
  {
    group: 'broker',
    name: 'session',
    about: 'no other client uses the id of this device',
    codes: ['SESSION_TAKEN'],
    run: session,
  },
  {
    group: 'subscriptions',
    name: 'subscribed',
    about: 'the broker lets this device listen to every topic of its own',
    run: subscribed,
  },
  {
    group: 'subscriptions',
    name: 'held-back',
    about: 'documents come that the province says are there',
    codes: ['CONTROL_STALE'],
    explainedBy: ['subscribed'],
    run: staleness,
  },
  {
    group: 'outbox',
    name: 'outbox',
    about: 'records are acknowledged; warn when the oldest waits for 15 min',
    run: outbox,
  },
]
