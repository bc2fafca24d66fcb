import type { Check } from './check.ts'
import { detailOf, hasProblem, ofAgent } from './of-agent.ts'
import { fail, ok, warn } from './told.ts'

const NEEDED_GROUPS = ['loa', 'loa-admin']
/** More often than updates and a flat battery explain. */
const MANY_RESTARTS = 3

const user = ofAgent(({ uid }, say) => [uid === 0 ? warn(say.agent.root) : ok(say.agent.ownUser)])

const groups: Check['run'] = ({ machine }, say) => {
  const missing = NEEDED_GROUPS.filter((group) => !machine.groups.includes(group))
  return [missing.length === 0 ? ok(say.agent.groups) : warn(say.agent.groupsMissing(missing.join(', ')))]
}

const service: Check['run'] = ({ service: { unit } = {}, agent }, say) => {
  if (unit?.['LoadState'] !== 'loaded') return []
  const { ActiveState = '', SubState = '', UnitFileState = '', NeedDaemonReload, MainPID, Result = '' } = unit
  if (agent?.pid !== undefined && MainPID !== String(agent.pid)) return [warn(say.unit.besides)]
  if (agent === undefined && ActiveState !== 'active')
    return [fail(say.unit.notActive(`${ActiveState} (${SubState})`, Result))]
  if (UnitFileState === 'disabled' || UnitFileState === 'masked')
    return [warn(say.unit.notEnabled(UnitFileState))]
  return [NeedDaemonReload === 'yes' ? warn(say.unit.needsReload) : ok(say.unit.active)]
}

const restarts: Check['run'] = ({ service: { unit } = {} }, say) => {
  const count = Number(unit?.['NRestarts'] ?? Number.NaN)
  if (Number.isNaN(count) || unit?.['LoadState'] !== 'loaded') return []
  return [count < MANY_RESTARTS ? ok(say.unit.restarts(count)) : warn(say.unit.manyRestarts(count))]
}

const isYes = (value: string): boolean => value === 'yes' || value === 'true'
const isSame = (shown: string, wanted: string): boolean =>
  shown === wanted || (isYes(shown) && isYes(wanted)) || (shown === '' && wanted === '')

/** Against the unit file that is shipped, where systemd can be asked; else what the kernel says of the process. */
const hardening: Check['run'] = ({ service: { unit } = {}, hardening: wanted = {}, bounds }, say) => {
  if (unit?.['LoadState'] === 'loaded') {
    // What this systemd does not know, it does not show.
    const weaker = Object.entries(wanted).filter(
      ([name, value]) => unit[name] !== undefined && !isSame(unit[name], value),
    )
    return weaker.length === 0
      ? [ok(say.unit.hardened(Object.keys(wanted).length))]
      : [warn(say.unit.weaker(weaker.map(([name, value]) => `${name}=${value}`).join(', ')))]
  }
  if (bounds === undefined) return []
  const { noNewPrivileges, filtered, capabilities } = bounds
  const lacks = [
    ...(noNewPrivileges ? [] : ['NoNewPrivileges']),
    ...(filtered ? [] : ['SystemCallFilter']),
    ...(/^0+$/.test(capabilities) ? [] : ['CapabilityBoundingSet']),
  ]
  return [lacks.length === 0 ? ok(say.unit.bounded) : warn(say.unit.unbounded(lacks.join(', ')))]
}

const safeMode = ofAgent((agent, say) => {
  const { safeMode: report } = agent.status
  if (report === undefined && !hasProblem(agent, 'SAFE_MODE')) return [ok(say.unit.whole)]
  const off = report?.off.join(', ') ?? detailOf(agent, 'SAFE_MODE')
  return [fail(say.unit.safeMode(off), 'SAFE_MODE')]
})

const page = ofAgent(({ page: served }, say) => {
  if (served === undefined) return []
  const { listen, fault } = served
  return [fault === undefined ? ok(say.unit.page(listen)) : warn(say.unit.noPage(listen, fault))]
})

/** How the agent is run, and what it is kept from. */
export const UNIT_CHECKS: readonly Check[] = [
  {
    group: 'unit',
    name: 'service',
    about: 'loa-agent.service: active, enabled, loaded as it is on the disk, and what answers is its process',
    explainedBy: ['agent'],
    run: service,
  },
  {
    group: 'unit',
    name: 'restarts',
    about: 'how often systemd had to restart the agent',
    run: restarts,
  },
  {
    group: 'unit',
    name: 'safe-mode',
    about: 'nothing was left off after five starts that died',
    codes: ['SAFE_MODE'],
    run: safeMode,
  },
  {
    group: 'unit',
    name: 'page',
    about: 'the status page is served where agent.yaml asks for one',
    run: page,
  },
  { group: 'unit', name: 'user', about: 'the agent does not run as root', run: user },
  { group: 'unit', name: 'groups', about: 'the Unix groups loa and loa-admin', run: groups },
  {
    group: 'unit',
    name: 'hardening',
    about:
      'what systemd holds the agent to, against the unit file that is shipped; without systemd NoNewPrivs, Seccomp and CapEff of the process',
    explainedBy: ['agent'],
    run: hardening,
  },
]
