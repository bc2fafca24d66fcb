import type { Code } from '../codes.ts'
import { brokerTrouble } from './broker-trouble.ts'
import type { Check } from './check.ts'
import type { DoctorFacts } from './facts.ts'
import { detailOf, hasProblem, isCutOff, ofAgent } from './of-agent.ts'
import type { ReachState } from './outside.ts'
import { fail, ok, warn } from './told.ts'

const WAY_CODES: readonly Code[] = ['CAPTIVE_PORTAL', 'NO_INTERNET']
const WEAK_WIFI_DBM = -75
const WEAK_CELL_DBM = -110
/** So far only somebody who is there can bring a connection. */
const SOMEBODY: readonly ReachState[] = ['name', 'timeout', 'route']

/** Whether anybody answered, be it with a refusal: a broker on this machine does without any network. */
const somebodyAnswers = ({ agent, outside }: DoctorFacts): boolean => {
  if (outside?.brokers.some(({ state }) => !SOMEBODY.includes(state)) === true) return true
  if (agent === undefined) return false
  return !isCutOff(agent) || ['refused', 'access', 'tls'].includes(brokerTrouble(detailOf(agent, 'BROKER')))
}

const link: Check['run'] = (facts, say) => {
  const way = facts.agent?.status.net ?? facts.way
  if (way === undefined) return []
  const { bearer, device = '' } = way
  if (bearer !== 'none') return [ok(say.link.up(bearer, device))]
  return [somebodyAnswers(facts) ? ok(say.link.local) : fail(say.link.none, 'BROKER')]
}

const signal = ofAgent(({ status: { net } }, say) => {
  const { bearer, dbm } = net
  if (dbm === undefined) return []
  const weak = bearer === 'wifi' ? WEAK_WIFI_DBM : WEAK_CELL_DBM
  const told = dbm.toFixed(0)
  return [dbm < weak ? warn(say.link.weak(bearer, told)) : ok(say.link.signal(bearer, told))]
})

const way = ofAgent((agent, say) => {
  const [code] = WAY_CODES.filter((each) => hasProblem(agent, each))
  if (code === undefined) return [isCutOff(agent) ? undefined : ok(say.link.free)]
  const words = code === 'CAPTIVE_PORTAL' ? say.link.portal : say.link.noInternet
  return [fail(words(detailOf(agent, code)), code)]
})

const modem = ofAgent((agent, say) => {
  if (hasProblem(agent, 'MODEM')) return [warn(say.link.modem(detailOf(agent, 'MODEM')), 'MODEM')]
  const { modem: reading } = agent.status.net
  return [reading === undefined ? undefined : ok(say.link.modemFine(reading.model ?? '', reading.state))]
})

const data = ofAgent((agent, say) => {
  if (hasProblem(agent, 'DATA_BUDGET'))
    return [warn(say.link.data(detailOf(agent, 'DATA_BUDGET')), 'DATA_BUDGET')]
  const { data: used } = agent.status.net
  return [used === undefined ? undefined : ok(say.link.dataUsed(used.usedMb.toFixed(0), used.since))]
})

/** Of the command; what only the agent found out is told as well. */
const nameServers: Check['run'] = ({ agent, outside }, say) => {
  const dead = fail(say.link.dns, 'DNS')
  if (agent !== undefined && hasProblem(agent, 'DNS')) return [dead]
  const answers = outside?.names.map(({ answer }) => answer) ?? []
  if (outside === undefined) return []
  if (answers.length === 0) return [ok(say.names.notNeeded)]
  return [answers.every((answer) => answer === 'silent') ? dead : ok(say.names.answered)]
}

const hostOf = (url: string): string => {
  const [, host = ''] = /^[a-z]+:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)/i.exec(url) ?? []
  return host.replaceAll(/[[\]]/g, '').toLowerCase()
}

const namesOf = (
  { outside }: DoctorFacts,
  urls: readonly { readonly url: string }[],
): readonly { readonly host: string; readonly known: boolean }[] => {
  const hosts = new Set(urls.map(({ url }) => hostOf(url)))
  return (outside?.names ?? [])
    .filter(({ host }) => hosts.has(host))
    .map(({ host, answer }) => ({ host, known: answer === 'found' }))
}

const brokerNames: Check['run'] = (facts, say) => {
  const brokers = facts.outside?.brokers ?? []
  // Another broker that is there takes over: it is worth a visit, but nothing has failed.
  const level = brokers.some(({ state }) => state === 'open') ? warn : fail
  return namesOf(facts, brokers).map(({ host, known }) =>
    known ? ok(say.names.found(host)) : level(say.names.unknown(host, 'mqtt.urls'), 'DNS'),
  )
}

const contentNames: Check['run'] = (facts, say) => {
  const told = new Set(namesOf(facts, facts.outside?.brokers ?? []).map(({ host }) => host))
  return namesOf(facts, facts.outside?.hosts ?? [])
    .filter(({ host }) => !told.has(host))
    .map(({ host, known }) =>
      known ? ok(say.names.found(host)) : fail(say.names.unknown(host, 'content.allow'), 'DNS'),
    )
}

/** What lies between this device and the broker. */
export const LINK_CHECKS: readonly Check[] = [
  { group: 'network', name: 'link', about: 'over what the device reaches out', run: link },
  { group: 'network', name: 'signal', about: 'strength of Wi-Fi or of the mobile network', run: signal },
  {
    group: 'network',
    name: 'way',
    about: 'no login page and no dead line stands in the way',
    codes: WAY_CODES,
    explainedBy: ['link'],
    run: way,
  },
  { group: 'network', name: 'modem', about: 'modem and SIM', codes: ['MODEM'], run: modem },
  {
    group: 'network',
    name: 'data',
    about: 'data used of the monthly budget',
    codes: ['DATA_BUDGET'],
    run: data,
  },
  {
    group: 'dns',
    name: 'name-servers',
    about: 'a name server answers',
    codes: ['DNS'],
    explainedBy: ['link', 'way'],
    run: nameServers,
  },
  {
    group: 'dns',
    name: 'broker-names',
    about: 'the names in mqtt.urls resolve',
    codes: ['DNS'],
    explainedBy: ['link', 'way', 'name-servers'],
    run: brokerNames,
  },
  {
    group: 'dns',
    name: 'content-names',
    about: 'the names in content.allow resolve',
    codes: ['DNS'],
    explainedBy: ['link', 'way', 'name-servers'],
    run: contentNames,
  },
]
