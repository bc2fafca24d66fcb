import { expect, test } from 'vitest'
import type { JobDocument } from '../../../agent/core/documents.ts'
import type { Refused } from '../../../agent/core/refused.ts'
import type { UpdateReport } from '../../../agent/core/update/progress.ts'
import { JobPublisher } from '../../../agent/services/update/job-publisher.ts'
import { UpdateMemory } from '../../../agent/services/update/memory.ts'
import { Updates, type UpdateWork } from '../../../agent/services/update/updates.ts'
import { parseUpMessage } from '../../../agent/wire/upstream.ts'
import { ManualClock, settled } from '../../fakes/manual-clock.ts'
import { MemoryBroker, MemoryBus } from '../../fakes/memory-bus.ts'
import { MemoryStateStore } from '../../fakes/memory-state-store.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

const clock = new ManualClock()
const AT = '2026-11-22T03:00:00.000Z'
const job = (id: string): JobDocument => ({
  kind: 'job',
  v: 1,
  device: 'd-1',
  rev: 1,
  iat: AT,
  job: { id, op: 'update', release: 'a.b.c' },
})

const open = (more: { job?: JobDocument; digest?: string; store?: MemoryStateStore } = {}) => {
  const store = more.store ?? new MemoryStateStore(() => clock.wall(), 100)
  const held = { job: more.job, digest: more.digest, recent: [] as Refused[], loaded: 0, reconsidered: 0 }
  const updating = {
    isBusy: false,
    report: { state: 'fetching' },
    reconsider: () => {
      held.reconsidered += 1
    },
    cancel: () => true,
  }
  const updates = new Updates({
    facts: store.facts,
    job: () => held.job,
    refusals: {
      get recent() {
        return held.recent
      },
    },
    slotsDigest: () => held.digest,
    load: (_memory, seen) => {
      held.loaded += 1
      seen()
      return Promise.resolve({ updating, install: async function* () {} } as unknown as UpdateWork)
    },
    fail: (error) => {
      throw error
    },
  })
  return { updates, held, store, memory: new UpdateMemory(store.facts) }
}

test('nothing is loaded while there is no job, nor for one that is over, nor for slots that were seen', async () => {
  const { updates, held, memory, store } = open({ digest: 'one' })
  updates.begin()
  await settled()
  expect(held.loaded).toBe(1)
  const again = open({ store, digest: 'one', job: job('u-1') })
  memory.set('job', { id: 'u-1', state: 'done', version: '1.2.0', at: AT })
  again.updates.begin()
  again.updates.jobChanged()
  expect(await again.updates.cancel()).toBe(false)
  expect([again.held.loaded, again.updates.report]).toEqual([
    0,
    { id: 'u-1', by: 'job', state: 'done', version: '1.2.0' },
  ])
})

test('the first job loads what does it; the next is handed over', async () => {
  const { updates, held } = open()
  updates.begin()
  expect([held.loaded, updates.report]).toEqual([0, { state: 'idle' }])
  held.job = job('u-1')
  updates.jobChanged()
  await settled()
  updates.jobChanged()
  expect([held.loaded, held.reconsidered]).toEqual([1, 1])
})

test('what was begun before a restart is taken up, with whatever the slots say', () => {
  for (const state of ['waiting', 'staged', 'trial'] as const) {
    const { updates, held, memory } = open()
    memory.set('local', { id: 'u-1', state, at: AT })
    updates.begin()
    expect(held.loaded).toBe(1)
  }
})

test('a job that is refused as a document shows while nothing is under way', () => {
  const { updates, held } = open()
  held.recent.push({ document: 'job', code: 'BAD_SIGNATURE', message: 'no signature by x verifies' })
  expect(updates.report).toEqual({
    by: 'job',
    state: 'refused',
    code: 'BAD_SIGNATURE',
    message: 'no signature by x verifies',
  })
})

const openBus = () => {
  const broker = new MemoryBroker()
  const none = (): undefined => undefined
  const handlers = {
    onConnect: none,
    onMessage: none,
    onDisconnect: none,
    onUnreachable: none,
    onOversize: none,
  }
  return { broker, bus: new MemoryBus({ broker, handlers }) }
}

test('up/job is said once a state, retained, and anew after each connection', async () => {
  const { broker, bus } = openBus()
  let report: UpdateReport = { state: 'idle' }
  const publisher = new JobPublisher({ bus, clock, logger: silentLogger, topic: 'job', report: () => report })
  publisher.tick()
  expect(broker.on('job')).toEqual([])
  bus.connect()
  publisher.announce()
  for (let second = 0; second < 3; second += 1) publisher.tick()
  report = {
    id: 'u-1',
    by: 'job',
    state: 'staged',
    version: '1.2.0',
    waits: { for: 'due', item: 'x', until: AT },
  }
  for (let second = 0; second < 3; second += 1) publisher.tick()
  publisher.announce()
  publisher.tick()
  await settled()
  const said = broker.on('job').map((text) => parseUpMessage('job', Buffer.from(text)))
  expect(said.map(({ state }) => state)).toEqual(['idle', 'staged', 'staged'])
  expect(said.at(-1)).toEqual({
    v: 1,
    at: AT,
    id: 'u-1',
    state: 'staged',
    version: '1.2.0',
    waits: { for: 'due', item: 'x', until: AT },
  })
})

test('a new estimate of the end of what it waits for is said once a minute, anything else at once', async () => {
  const { broker, bus } = openBus()
  let second = 0
  let state: 'staged' | 'trial' = 'staged'
  const publisher = new JobPublisher({
    bus,
    clock,
    logger: silentLogger,
    topic: 'job',
    report: () => ({ state, waits: { for: 'playing', until: new Date(second).toISOString() } }),
  })
  bus.connect()
  const tick = async () => {
    second += 1
    publisher.tick()
    await clock.advance(1000)
  }
  for (let many = 0; many < 60; many += 1) await tick()
  await settled()
  expect(broker.on('job')).toHaveLength(1)
  await tick()
  expect(broker.on('job')).toHaveLength(2)
  state = 'trial'
  await tick()
  await settled()
  expect(broker.on('job')).toHaveLength(3)
})
