import { brokerAddress, brokerTrouble } from './broker-trouble.ts'
import { type Check, fail, ok, warn } from './check.ts'
import { hasNoWay, LINK_CHECKS, WAY_CODES } from './link-checks.ts'
import { daysUntil, detailOf, hasProblem, isCutOff, ofAgent } from './of-agent.ts'

const OFFSET_MS = 100
const OLD_RECORD_HOURS = 0.25
const HOURS_A_DAY = 24

const clock = ofAgent(({ status }, say) => {
  const { state, offsetMs } = status.clock
  if (state === 'unset') return [fail(say.clock.unset, 'NO_CLOCK')]
  if (state === 'stale') return [warn(say.clock.stale, 'CLOCK_UNSYNCED')]
  if (state === 'held') return [ok(say.clock.held)]
  const told = offsetMs.toFixed(1)
  return [Math.abs(offsetMs) > OFFSET_MS ? warn(say.clock.offset(told)) : ok(say.clock.synced(told))]
})

const broker = ofAgent((agent, say) => {
  const { broker: at } = agent.status
  if (at.connected) return [ok(say.broker.connected(at.url ?? ''))]
  // Two that throw each other out, or the network: that is the cause.
  if (
    hasProblem(agent, 'SESSION_TAKEN') ||
    hasNoWay(agent) ||
    WAY_CODES.some((code) => hasProblem(agent, code))
  )
    return []
  const detail = detailOf(agent, 'BROKER')
  const { host, port } = brokerAddress(detail)
  return [fail([say.broker.down(detail), say.broker.downNext[brokerTrouble(detail)](host, port)], 'BROKER')]
})

const session = ofAgent((agent, say) => [
  hasProblem(agent, 'SESSION_TAKEN')
    ? fail(say.broker.taken(detailOf(agent, 'SESSION_TAKEN')), 'SESSION_TAKEN')
    : undefined,
])

const credentials: Check['run'] = ({ files }, say) => {
  if (files === undefined) return []
  if (files.length === 0) return [ok(say.credentials.fine)]
  return files.map(({ path, message }) => fail(say.credentials.fault(`${path}: ${message}`), 'CREDENTIALS'))
}

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

/** What connects the device with the province. */
export const NETWORK_CHECKS: readonly Check[] = [
  { group: 'network', name: 'clock', codes: ['NO_CLOCK', 'CLOCK_UNSYNCED'], run: clock },
  ...LINK_CHECKS,
  { group: 'network', name: 'broker', codes: ['BROKER'], run: broker },
  { group: 'network', name: 'session', codes: ['SESSION_TAKEN'], run: session },
  { group: 'network', name: 'credentials', codes: ['CREDENTIALS'], run: credentials },
  { group: 'network', name: 'outbox', run: outbox },
]
