import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openIdentityStore } from '../../../agent/adapters/identity/identity-store.ts'
import { pairInForce } from '../../../agent/adapters/identity/in-force.ts'
import { pemOf } from '../../../agent/adapters/identity/key-pair.ts'
import type { AgentConfig } from '../../../agent/core/configuration.ts'
import type { JobDocument, JobOrder } from '../../../agent/core/documents.ts'
import type { Pair } from '../../../agent/core/renewal/certificate-trial.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { Renewal } from '../../../agent/services/renewal/renewal.ts'
import { Renewals } from '../../../agent/services/renewal/renewals.ts'
import {
  type Authority,
  type Certificate,
  openAuthority,
} from '../../../scripts/source-system/mosquitto/authority.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { MemoryStateStore } from '../../fakes/memory-state-store.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

export const DEVICE = 'd-7k2m4q9x'
const folder = mkdtempSync(join(tmpdir(), 'loa-renewal-'))
afterAll(() => rmSync(folder, { recursive: true }))

export let authority: Authority
/** Another province's. */
export let stranger: Authority
/** What agent.yaml names. */
export let named: Certificate
beforeAll(async () => {
  for (const name of ['ours', 'theirs']) mkdirSync(join(folder, name))
  authority = await openAuthority(join(folder, 'ours'))
  stranger = await openAuthority(join(folder, 'theirs'))
  named = await authority.client(DEVICE)
})

export const signed = async (by: Authority, csr: string, name = DEVICE): Promise<string> =>
  await by.sign(name, pemOf('CERTIFICATE REQUEST', Buffer.from(csr, 'base64url')))

export type World = {
  readonly state: string
  readonly store: MemoryStateStore
  readonly clock: ManualClock
  job: JobDocument | undefined
  lets: (pair: Pair) => boolean
  updating: boolean
}

let count = 0
export const world = (): World => {
  count += 1
  const state = join(folder, `state-${count}`)
  mkdirSync(state)
  const clock = new ManualClock(epochMs(Date.now()))
  const store = new MemoryStateStore(() => clock.wall(), 1000)
  return { state, store, clock, job: undefined, lets: () => true, updating: false }
}

/** A start of the agent in this world. */
export const start = (at: World, over: Partial<AgentConfig['mqtt']> = {}) => {
  const { clock, store, state } = at
  const events: object[] = []
  const config = {
    device: { id: DEVICE },
    mqtt: { ca: authority.ca, ...named, ...over },
    paths: { state },
  } as unknown as AgentConfig
  let connected = true
  let leaves = false
  const job = () => at.job
  const renewals: Renewals = new Renewals({
    facts: store.facts,
    job,
    connected: () => connected,
    load: async () =>
      new Renewal({
        job,
        facts: store.facts,
        identity: openIdentityStore(config, undefined),
        judgingTime: () => clock.wall(),
        updating: () => at.updating,
        reconnect: () => {
          leaves = true
        },
        clock,
        logger: silentLogger,
        event: (code, severity, data) => events.push({ ...data, code, severity }),
      }),
    fail: (error) => {
      throw error
    },
  })
  const tryOnce = (): void => {
    const pair = renewals.pair()
    connected = at.lets(pair)
    if (connected) renewals.connected()
    else renewals.disconnected(`${pair} is not let in`)
  }
  renewals.begin()
  return {
    events,
    renewals,
    isConnected: () => connected,
    pass: async (seconds: number): Promise<void> => {
      for (let i = 0; i < seconds; i += 1) {
        await clock.advance(1000)
        renewals.tick()
        await Promise.resolve()
        if (leaves) renewals.disconnected('taken leave')
        if (leaves || !connected) tryOnce()
        leaves = false
      }
    },
    inForce: () => pairInForce(config, undefined)?.cert,
  }
}

export const order = (at: World, job: JobOrder): void => {
  const rev = (at.job?.rev ?? 0) + 1
  at.job = { kind: 'job', v: 1, device: DEVICE, rev, iat: '2026-11-22T03:00:00Z', job }
}
export const inIdentity = ({ state }: World): readonly string[] =>
  existsSync(join(state, 'identity')) ? readdirSync(join(state, 'identity')) : []
