import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What must not grow in a year; sizes in bytes. */
export type Reading = {
  readonly day: number
  readonly heap: number
  readonly rss: number
  readonly handles: number
  readonly stateDb: number
  readonly mediaDb: number
}

const rollup = (pid: number | 'self'): string => readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
const fieldOf = (text: string, field: string): number =>
  1024 * Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN)

/** Resident set size of a process, in bytes: a proportional one moves with every other Node that comes or goes. */
export const memoryOf = (pid: number | 'self'): number => fieldOf(rollup(pid), 'Rss')

export const handlesOf = (pid: number | 'self'): number => readdirSync(`/proc/${pid}/fd`).length

const sizeOf = (path: string): number =>
  ['', '-wal'].reduce(
    (sum, companion) => sum + (statSync(path + companion, { throwIfNoEntry: false })?.size ?? 0),
    0,
  )

export const databasesIn = (folder: string): { readonly stateDb: number; readonly mediaDb: number } => ({
  stateDb: sizeOf(join(folder, 'state.db')),
  mediaDb: sizeOf(join(folder, 'media.db')),
})

/** Of this process, after everything that can go has gone. */
export const read = async (day: number, state: string): Promise<Reading> => {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('run with --expose-gc')
  // Finalisers that a collection calls let go of more.
  for (let round = 0; round < 3; round += 1) {
    gc()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    day,
    heap: process.memoryUsage().heapUsed,
    rss: memoryOf('self'),
    handles: handlesOf('self'),
    ...databasesIn(state),
  }
}
