import type { Check } from './check.ts'
import type { AgentFacts } from './facts.ts'
import { detailOf, hasProblem, ofAgent, timeOf } from './of-agent.ts'
import { fail, ok, warn } from './told.ts'

/** The library fetches nothing below that. */
const FULL_MB = 64
const LOW_DISK_MB = 256
const FEW_INODES_PERCENT = 5
/** A loss of the last day is a fault that somebody should look at; an older one is worth knowing. */
const LATELY_MS = 86_400_000

const storage = ofAgent((agent, say) => {
  const { errors, wear, card } = agent.status.sensors
  if (hasProblem(agent, 'STORAGE')) return [fail(say.storage.faulty(detailOf(agent, 'STORAGE')), 'STORAGE')]
  if (wear !== undefined) return [ok(say.storage.used(wear.toFixed(0)))]
  return [errors === undefined && card === undefined ? undefined : ok(say.storage.fine)]
})

const disk: Check['run'] = ({ diskMb, agent }, say) => {
  const told = diskMb?.toFixed(0) ?? '0'
  if (agent !== undefined && hasProblem(agent, 'DISK_FULL')) return [fail(say.disk.full(told), 'DISK_FULL')]
  if (diskMb === undefined) return []
  if (diskMb < FULL_MB) return [fail(say.disk.full(told), 'DISK_FULL')]
  return [diskMb < LOW_DISK_MB ? warn(say.disk.low(told)) : ok(say.disk.free(told))]
}

const inodes: Check['run'] = ({ disk: { inodesFree } = {} }, say) => {
  if (inodesFree === undefined) return []
  const told = inodesFree.toFixed(0)
  if (inodesFree < 1) return [fail(say.disk.inodesFew(told), 'DISK_FULL')]
  return [inodesFree < FEW_INODES_PERCENT ? warn(say.disk.inodesFew(told)) : ok(say.disk.inodesFree(told))]
}

const writable: Check['run'] = ({ disk: facts }, say) => {
  if (facts === undefined) return []
  const { readOnlyAt } = facts
  return [readOnlyAt === undefined ? ok(say.disk.writable) : fail(say.disk.readOnly(readOnlyAt), 'DATABASE')]
}

/** What was read of the files themselves. */
const damaged: Check['run'] = ({ databases = [] }, say) =>
  databases.map(({ file, verdict }) =>
    verdict === 'ok' ? ok(say.database.read(file)) : fail(say.database.damaged(file, verdict), 'DATABASE'),
  )

/** How grave a loss still is. */
const lossLevel = ({ status }: AgentFacts, lostAt: string): typeof fail =>
  Date.parse(status.at) - Date.parse(lostAt) < LATELY_MS ? fail : warn

const database = ofAgent((agent, say) => {
  const { databaseLost } = agent
  if (hasProblem(agent, 'DATABASE'))
    return [fail(say.database.inMemory(detailOf(agent, 'DATABASE')), 'DATABASE')]
  if (databaseLost === undefined) return [ok(say.database.fine)]
  return [lossLevel(agent, databaseLost)(say.database.madeAnew(timeOf(agent, databaseLost)), 'DATABASE')]
})

const cache = ofAgent((agent, say) => {
  const { cacheLost } = agent
  if (cacheLost === undefined) return [ok(say.database.cacheFine)]
  return [lossLevel(agent, cacheLost)(say.database.cacheLost(timeOf(agent, cacheLost)), 'DATABASE')]
})

/** The disk of the state, and what is kept on it. */
export const STORAGE_CHECKS: readonly Check[] = [
  {
    group: 'storage',
    name: 'storage',
    about: 'life of an eMMC, faults of ext4, what was written comes back',
    codes: ['STORAGE'],
    run: storage,
  },
  { group: 'storage', name: 'writable', about: 'the disk of the state is not read-only', run: writable },
  {
    group: 'storage',
    name: 'disk',
    about: 'free space on the disk of the state: warn below 256 MB, FAIL below 64 MB',
    codes: ['DISK_FULL'],
    run: disk,
  },
  {
    group: 'storage',
    name: 'inodes',
    about: 'free inodes of that disk',
    explainedBy: ['disk'],
    run: inodes,
  },
  {
    group: 'storage',
    name: 'databases',
    about: 'state.db and media.db are read whole (quick_check), where the caller may read them',
    run: damaged,
  },
  {
    group: 'storage',
    name: 'database',
    about: 'state.db was not lost lately, and what is recorded reaches the disk',
    codes: ['DATABASE'],
    explainedBy: ['disk', 'inodes', 'writable', 'safe-mode'],
    run: database,
  },
  { group: 'storage', name: 'cache', about: 'media.db was not made anew lately', run: cache },
]
