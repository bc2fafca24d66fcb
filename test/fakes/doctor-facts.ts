import type { AgentFacts, DoctorFacts } from '../../agent/core/doctor/facts.ts'
import type { Outside } from '../../agent/core/doctor/outside.ts'
import { ok } from '../../agent/core/doctor/told.ts'
import type { Refused } from '../../agent/core/refused.ts'
import type { StatusReport } from '../../agent/core/status.ts'

const status: StatusReport = {
  device: 'd-7k2m4q9x',
  place: {
    province: '75',
    commune: '26068',
    formerly: [{ province: '77', commune: '26680', until: '2026-12-31' }],
  },
  board: 'virtual',
  agent: '0.1.0',
  timezone: 'Asia/Ho_Chi_Minh',
  at: '2026-11-22T22:00:30.000Z',
  state: 'idle',
  health: 'ok',
  problems: [],
  clock: { state: 'synced', offsetMs: 0.4 },
  broker: { connected: true, url: 'mqtts://broker-a:8883', since: '2026-11-22T20:00:00.000Z' },
  net: {
    bearer: 'cellular',
    device: 'wwan0',
    addresses: ['192.0.2.7'],
    dbm: -87,
    modem: { model: 'EC25', state: 'connected', sim: 'ok', roaming: false },
    data: { since: '2026-11-05', usedMb: 312.4, monthlyMb: 3000 },
  },
  next: [{ item: 'hop-thon', at: '2026-11-23T10:00:00.000Z', armed: true }],
  outbox: 0,
  media: { wanted: 4, present: 4 },
  amps: { main: 'off' },
  signs: { gate: 'ok' },
  shown: { gate: 'sent' },
  inputs: { power: 'closed' },
  adapters: [{ id: 'sound', name: 'Device', present: true, losses: 0, returns: 0, cycles: 0 }],
  sensors: { cpu: 51.2, supply: 12.4, battery: 87, fan: 2400, mains: 1, errors: 0, memory: 312, load: 0.2 },
  lines: { main: { state: 'ok', loadPercent: 97 } },
  hearing: { last: 0.97, mean: 0.95, of: 10 },
  uptimeSeconds: 93_784,
  underruns: 0,
  muted: false,
  jail: { state: 'full', missing: [] },
  rejected: [],
}

const agent: AgentFacts = {
  status,
  settings: {
    device: 'd-7k2m4q9x',
    area: '75/26068',
    signatures: 'required',
    rootKeys: ['root-a'],
    threshold: 1,
    allow: ['https://content.example/'],
    brokers: ['mqtts://broker-a:8883'],
  },
  node: '24.21.0',
  uid: 990,
  files: [],
  diskMb: 9000,
  revisions: { '75/trust': 3, '75/26068/schedule': 42 },
  trust: [{ document: '75/trust', rev: 3, keys: 2, inDate: 2, ends: '2027-11-22T00:00:00.000Z' }],
  schedules: [{ document: '75/26068/schedule', exp: '2026-12-22T00:00:00+07:00' }],
  refused: [],
  missing: [],
  pid: 700,
  unsubscribed: [],
  page: { listen: '127.0.0.1:8080' },
}

const { settings, files, diskMb } = agent

const wellOutside: Outside = {
  names: [
    { host: 'broker-a', answer: 'found' },
    { host: 'content.example', answer: 'found' },
  ],
  brokers: [
    {
      url: 'mqtts://broker-a:8883',
      state: 'open',
      validFrom: '2026-01-01T00:00:00.000Z',
      validTo: '2028-01-01T00:00:00.000Z',
    },
  ],
  hosts: [{ url: 'https://content.example', state: 'open' }],
  times: [{ source: 'content.example', aheadMs: 400 }],
}

/** A device with which nothing is wrong. */
export const wellFacts = {
  installed: { version: '0.1.0', node: '24.21.0' },
  machine: {
    kernel: '6.12.20+rpt-rpi-v8',
    lsm: ['capability', 'landlock'],
    perl: true,
    groups: ['root', 'loa', 'loa-admin'],
    hasId: true,
    programs: { ffmpeg: true, 'espeak-ng': true },
    rtcAt: '2026-11-22T22:00:30.000Z',
  },
  at: status.at,
  seen: {
    agent: [ok('x')],
    configuration: [ok('x')],
    board: [ok('x')],
    model: [ok('x')],
    card: [ok('x')],
    microphone: [ok('x')],
    chips: [ok('x')],
    'relay-lines': [ok('x')],
    'power-on': [ok('x')],
    'contact-lines': [ok('x')],
    ports: [ok('x')],
    'usb-power': [ok('x')],
  },
  outside: wellOutside,
  service: {
    unit: {
      LoadState: 'loaded',
      ActiveState: 'active',
      SubState: 'running',
      UnitFileState: 'enabled',
      NeedDaemonReload: 'no',
      MainPID: '700',
      Result: 'success',
      NRestarts: '0',
      NoNewPrivileges: 'yes',
      ProtectSystem: 'strict',
      CapabilityBoundingSet: '',
    },
    time: { NTP: 'yes', NTPSynchronized: 'yes' },
  },
  hardening: { NoNewPrivileges: 'yes', ProtectSystem: 'strict', CapabilityBoundingSet: '', User: 'loa' },
  disk: { inodesFree: 91, writtenAt: '2026-11-22T22:00:00.000Z' },
  databases: [{ file: 'state.db', verdict: 'ok' }],
  way: { bearer: 'cellular', device: 'wwan0' },
  configChangedAt: '2026-11-01T00:00:00.000Z',
  settings,
  files,
  diskMb,
  agent,
} satisfies DoctorFacts

export type AgentChange = Partial<Omit<AgentFacts, 'status'>> & { readonly status?: Partial<StatusReport> }

/** The same device, but for what is told of its agent. */
export const agentSays = ({ status: changed, ...more }: AgentChange): DoctorFacts => {
  const changedAgent: AgentFacts = { ...agent, ...more, status: { ...status, ...changed } }
  return {
    ...wellFacts,
    settings: changedAgent.settings,
    files: changedAgent.files,
    diskMb: changedAgent.diskMb,
    agent: changedAgent,
  }
}

/** The same device, but for what lies around it. */
export const around = (outside: Partial<Outside>, facts: DoctorFacts = wellFacts): DoctorFacts => ({
  ...facts,
  outside: { ...wellOutside, ...outside },
})

/** No broker, and why. */
export const down = (detail: string): NonNullable<AgentChange['status']> => ({
  broker: { connected: false },
  problems: [{ code: 'BROKER', detail }],
})

export const refusal = (more: Partial<Refused> = {}): Refused => ({
  document: '75/26068/schedule',
  rev: 43,
  kid: 'c-75-26068',
  code: 'INVALID',
  path: 'items.1.when.times.0',
  message: 'expected a local time',
  ...more,
})
