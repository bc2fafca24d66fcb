import { nodeFault } from '../node-version.ts'
import type { Check } from './check.ts'
import { ofAgent } from './of-agent.ts'
import { fail, ok, warn } from './told.ts'

const LANDLOCK_SINCE = [5, 13] as const

const isBefore = (kernel: string, [major, minor]: readonly [number, number]): boolean => {
  const [, first, second] = /^(\d+)\.(\d+)/.exec(kernel) ?? []
  if (first === undefined) return false
  return Number(first) < major || (Number(first) === major && Number(second) < minor)
}

const release: Check['run'] = ({ installed, agent }, say) => {
  const running = agent?.status.agent ?? installed.version
  return [
    running === installed.version
      ? ok(say.agent.running(running))
      : warn(say.agent.notRestarted(running, installed.version)),
  ]
}

const node: Check['run'] = ({ installed, agent }, say) => {
  const version = agent?.node ?? installed.node
  return [
    nodeFault(version) === undefined
      ? ok(say.agent.node(version))
      : fail(say.agent.nodeTooOld(version), 'UNSUPPORTED'),
  ]
}

const identity: Check['run'] = ({ settings }, say) =>
  settings === undefined ? [] : [ok(say.agent.identity(settings.device, settings.area))]

const machineId: Check['run'] = ({ machine }, say) => [
  machine.hasId ? ok(say.machine.id) : warn(say.machine.noId),
]

const inForce = ofAgent(({ status }, say, { configChangedAt }) => {
  if (configChangedAt === undefined) return []
  const startedAt = Date.parse(status.at) - status.uptimeSeconds * 1000
  return [Date.parse(configChangedAt) > startedAt ? warn(say.config.changed) : ok(say.config.inForce)]
})

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

const program =
  (name: string, level: typeof fail): Check['run'] =>
  ({ machine: { programs } }, say) => {
    const there = programs[name]
    if (there === undefined) return []
    return [there ? ok(say.machine.program(name)) : level(say.machine.noProgram(name), 'DECODER')]
  }

/** Which device this is, what is installed on it, and what its decoders are kept from. */
export const DEVICE_CHECKS: readonly Check[] = [
  { group: 'identity', name: 'identity', about: 'id and place of this device', run: identity },
  {
    group: 'identity',
    name: 'config-changed',
    about: 'agent.yaml was not changed after the agent had started',
    run: inForce,
  },
  {
    group: 'identity',
    name: 'machine-id',
    about: '/etc/machine-id, by which a copied card is known',
    run: machineId,
  },
  { group: 'versions', name: 'release', about: 'the release that runs is the one installed', run: release },
  {
    group: 'versions',
    name: 'node',
    about: 'the Node that runs the agent is new enough',
    codes: ['UNSUPPORTED'],
    run: node,
  },
  {
    group: 'decoder',
    name: 'decoder',
    about: 'ffmpeg is installed',
    codes: ['DECODER'],
    run: program('ffmpeg', fail),
  },
  { group: 'decoder', name: 'speech', about: 'espeak-ng is installed', run: program('espeak-ng', warn) },
  {
    group: 'decoder',
    name: 'jail',
    about: 'decoders are confined: files, network, processes, limits',
    run: jail,
  },
]
