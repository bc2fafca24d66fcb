import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinks } from '../adapters/system/links.ts'
import { projectFolder } from '../adapters/system/project.ts'
import type { CheckGroup } from '../core/doctor/check.ts'
import type { Bounds, DoctorFacts } from '../core/doctor/facts.ts'
import type { DatabaseVerdict } from '../core/doctor/outside.ts'
import type { Call } from './call.ts'

/** Whose checks need a look at what lies around the device; those of clock and content explain others. */
const OUTSIDE_GROUPS: readonly CheckGroup[] = [
  'clock',
  'network',
  'dns',
  'broker',
  'subscriptions',
  'trust',
  'content',
  'media',
]

const DATABASES = ['state.db', 'media.db']

/** Properties that `systemctl show` gives back in the words of the unit file. */
const HELD_TO = [
  'NoNewPrivileges',
  'ProtectSystem',
  'ProtectHome',
  'PrivateTmp',
  'PrivateMounts',
  'DevicePolicy',
  'ProtectProc',
  'ProtectKernelTunables',
  'ProtectKernelModules',
  'ProtectKernelLogs',
  'ProtectControlGroups',
  'ProtectHostname',
  'LockPersonality',
  'RestrictRealtime',
  'RestrictSUIDSGID',
  'RemoveIPC',
  'KeyringMode',
  'CapabilityBoundingSet',
  'User',
] as const
const STATE_OF_UNIT = [
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'NeedDaemonReload',
  'MainPID',
  'Result',
  'NRestarts',
] as const

/** What the unit file that is shipped says of them. */
const shippedHardening = (): Readonly<Record<string, string>> => {
  const text = readFileSync(join(projectFolder(), 'systemd/loa-agent.service'), 'utf8')
  const held: readonly string[] = HELD_TO
  return Object.fromEntries(
    [...text.matchAll(/^([A-Z]\w+)=(.*)$/gm)].flatMap(([, name = '', value = '']) =>
      held.includes(name) ? [[name, value.trim()]] : [],
    ),
  )
}

/** @see proc_pid_status(5) */
const boundsOf = (root: string, pid: number): Bounds | undefined => {
  try {
    const text = readFileSync(`${root}/proc/${pid}/status`, 'utf8')
    const field = (name: string): string => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(text)?.[1] ?? ''
    return {
      noNewPrivileges: field('NoNewPrivs') === '1',
      filtered: field('Seccomp') === '2',
      capabilities: field('CapEff'),
    }
  } catch {
    // Another user's processes may be hidden.
    return undefined
  }
}

const databasesIn = async (
  { io }: Call,
  state: string | undefined,
  inUse: boolean,
): Promise<readonly DatabaseVerdict[]> => {
  if (state === undefined) return []
  const looks = DATABASES.map(async (file) => {
    const verdict = await io.database(join(state, file), inUse)
    return verdict === undefined ? [] : [{ file, verdict }]
  })
  return (await Promise.all(looks)).flat()
}

export type Wanted = {
  readonly only: ReadonlySet<CheckGroup>
  readonly timeServers: readonly string[]
}

/** What lies around the device; asked while the agent is, for either may hang. */
export const lookAround = async (
  { io }: Call,
  settings: DoctorFacts['settings'],
  { only, timeServers }: Wanted,
): Promise<Pick<DoctorFacts, 'outside'>> => {
  if (settings === undefined || !OUTSIDE_GROUPS.some((group) => only.has(group))) return {}
  const { brokers = [], allow, ca } = settings
  return {
    outside: await io.outside({ brokers, content: allow, timeServers, ...(ca === undefined ? {} : { ca }) }),
  }
}

/** What systemd and the kernel say. */
export const lookAtMachine = async ({
  io,
}: Call): Promise<Pick<DoctorFacts, 'service' | 'hardening' | 'way'>> => {
  const { bearer, device } = createLinks(() => false, io.root === '' ? '/' : io.root).way()
  return {
    service: await io.service([...STATE_OF_UNIT, ...HELD_TO]),
    hardening: shippedHardening(),
    way: { bearer, ...(device === undefined ? {} : { device }) },
  }
}

/** What is known once it is clear whether the agent runs. */
export const lookAfterwards = async (
  call: Call,
  {
    state,
    pid,
    inUse,
  }: { readonly state?: string | undefined; readonly pid?: number | undefined; readonly inUse: boolean },
): Promise<Pick<DoctorFacts, 'databases' | 'bounds'>> => {
  const bounds = pid === undefined ? undefined : boundsOf(call.io.root, pid)
  return {
    databases: await databasesIn(call, state, inUse),
    ...(bounds === undefined ? {} : { bounds }),
  }
}
