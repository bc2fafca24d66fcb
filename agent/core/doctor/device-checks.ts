import { nodeFault } from '../node-version.ts'
import { type Check, fail, ok, warn } from './check.ts'
import { detailOf, hasProblem, ofAgent, timeOf } from './of-agent.ts'

const LOW_DISK_MB = 256
const LANDLOCK_SINCE = [5, 13] as const
const NEEDED_GROUPS = ['loa', 'loa-admin']

const isBefore = (kernel: string, [major, minor]: readonly [number, number]): boolean => {
  const [, first, second] = /^(\d+)\.(\d+)/.exec(kernel) ?? []
  if (first === undefined) return false
  return Number(first) < major || (Number(first) === major && Number(second) < minor)
}

const release: Check['run'] = ({ installed, agent }, say) => {
  const node = agent?.node ?? installed.node
  if (nodeFault(node) !== undefined) return [fail(say.agent.nodeTooOld(node), 'UNSUPPORTED')]
  const running = agent?.status.agent ?? installed.version
  if (running !== installed.version) return [warn(say.agent.notRestarted(running, installed.version))]
  return [ok(say.agent.running(running, node))]
}

const identity: Check['run'] = ({ settings }, say) =>
  settings === undefined ? [] : [ok(say.agent.identity(settings.device, settings.area))]

const configChanged = ofAgent(({ status }, say, { configChangedAt }) => {
  const startedAt = Date.parse(status.at) - status.uptimeSeconds * 1000
  return [
    configChangedAt !== undefined && Date.parse(configChangedAt) > startedAt
      ? warn(say.config.changed)
      : undefined,
  ]
})

const groups: Check['run'] = ({ machine }, say) => {
  const missing = NEEDED_GROUPS.filter((group) => !machine.groups.includes(group))
  return [missing.length === 0 ? ok(say.agent.groups) : warn(say.agent.groupsMissing(missing.join(', ')))]
}

const jail = ofAgent(({ status }, say, { machine }) => {
  const { state, missing } = status.jail
  if (state === 'full') return [ok(say.jail.full)]
  const told = state === 'none' ? fail : warn
  const lacks = missing.join(', ')
  if (!machine.perl) return [told(say.jail.noPerl)]
  const { kernel, lsm } = machine
  if (kernel !== undefined && isBefore(kernel, LANDLOCK_SINCE))
    return [told(say.jail.oldKernel(kernel, lacks))]
  const forLandlock = missing.includes('files') && lsm !== undefined && !lsm.includes('landlock')
  return [told(forLandlock ? say.jail.noLandlock(lacks) : say.jail.refused(lacks))]
})

const disk: Check['run'] = ({ diskMb, agent }, say) => {
  if (agent !== undefined && hasProblem(agent, 'DISK_FULL'))
    return [fail(say.disk.full(agent.diskMb.toFixed(0)), 'DISK_FULL')]
  if (diskMb === undefined) return []
  return [diskMb < LOW_DISK_MB ? warn(say.disk.low(diskMb.toFixed(0))) : ok(say.disk.free(diskMb.toFixed(0)))]
}

const database = ofAgent((agent, say) => {
  const { databaseLost } = agent
  if (hasProblem(agent, 'DATABASE'))
    return [fail(say.database.madeAnew(detailOf(agent, 'DATABASE')), 'DATABASE')]
  return [
    databaseLost === undefined
      ? ok(say.database.fine)
      : warn(say.database.madeAnew(timeOf(agent, databaseLost)), 'DATABASE'),
  ]
})

const user = ofAgent(({ uid }, say) => [uid === 0 ? warn(say.agent.root) : ok(say.agent.ownUser)])

/** The machine and the agent on it. */
export const DEVICE_CHECKS: readonly Check[] = [
  { group: 'device', name: 'identity', run: identity },
  { group: 'device', name: 'release', run: release },
  { group: 'device', name: 'config-changed', run: configChanged },
  { group: 'device', name: 'user', run: user },
  { group: 'device', name: 'groups', run: groups },
  { group: 'device', name: 'jail', run: jail },
  { group: 'device', name: 'disk', codes: ['DISK_FULL'], run: disk },
  { group: 'device', name: 'database', codes: ['DATABASE'], run: database },
]
