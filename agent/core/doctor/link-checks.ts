import type { Code } from '../codes.ts'
import { brokerTrouble } from './broker-trouble.ts'
import { type Check, fail, ok, warn } from './check.ts'
import type { AgentFacts } from './facts.ts'
import { detailOf, hasProblem, isCutOff, ofAgent } from './of-agent.ts'

/** What of the network keeps the broker away. */
export const WAY_CODES: readonly Code[] = ['CAPTIVE_PORTAL', 'DNS', 'NO_INTERNET']

/** Nothing leads out, and that is why: a broker on this machine would have answered, or refused. */
export const hasNoWay = (agent: AgentFacts): boolean =>
  agent.status.net.bearer === 'none' &&
  isCutOff(agent) &&
  !['refused', 'access', 'tls'].includes(brokerTrouble(detailOf(agent, 'BROKER')))

const link = ofAgent((agent, say) => {
  const { bearer, device = '' } = agent.status.net
  if (bearer !== 'none') return [ok(say.link.up(bearer, device))]
  return [hasNoWay(agent) ? fail(say.link.none, 'BROKER') : undefined]
})

const way = ofAgent((agent, say) => [
  hasProblem(agent, 'CAPTIVE_PORTAL')
    ? fail(say.link.portal(detailOf(agent, 'CAPTIVE_PORTAL')), 'CAPTIVE_PORTAL')
    : undefined,
  hasProblem(agent, 'DNS') ? fail(say.link.dns, 'DNS') : undefined,
  hasProblem(agent, 'NO_INTERNET')
    ? fail(say.link.noInternet(detailOf(agent, 'NO_INTERNET')), 'NO_INTERNET')
    : undefined,
])

const modem = ofAgent((agent, say) => [
  hasProblem(agent, 'MODEM') ? warn(say.link.modem(detailOf(agent, 'MODEM')), 'MODEM') : undefined,
])

const data = ofAgent((agent, say) => [
  hasProblem(agent, 'DATA_BUDGET')
    ? warn(say.link.data(detailOf(agent, 'DATA_BUDGET')), 'DATA_BUDGET')
    : undefined,
])

/** What lies between this device and the broker. */
export const LINK_CHECKS: readonly Check[] = [
  { group: 'network', name: 'link', run: link },
  { group: 'network', name: 'way', codes: WAY_CODES, run: way },
  { group: 'network', name: 'modem', codes: ['MODEM'], run: modem },
  { group: 'network', name: 'data', codes: ['DATA_BUDGET'], run: data },
]
