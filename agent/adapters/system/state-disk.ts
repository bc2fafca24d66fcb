import { readdirSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createSystemFiles } from './files.ts'

/** More files than that lie in no state folder; whoever put them there is not waited for. */
const MOST_FILES = 200
const PERCENT = 100

export type StateDisk = {
  readonly freeMb: number
  /** Percent; absent where the file system does not count them. */
  readonly inodesFree?: number
  /** Where it is mounted for reading only. */
  readonly readOnlyAt?: string
  /** When a file of the folder was written last, ISO 8601. */
  readonly writtenAt?: string
}

const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Mount point and options of the file system that a path lies on; `ro` when mount or file system are. @see proc_pid_mounts(5) */
const mountOf = (
  path: string,
): { readonly point: string; readonly options: readonly string[] } | undefined => {
  const rows = (createSystemFiles('/').text('/proc/self/mounts') ?? '').split('\n')
  const mounts = rows.flatMap((row) => {
    const [, point, , options] = row.split(' ')
    if (point === undefined || options === undefined) return []
    const below = point === '/' ? '/' : `${point}/`
    return path === point || path.startsWith(below) ? [{ point, options: options.split(',') }] : []
  })
  // Of several the innermost, and of those on one point the last.
  return mounts.toSorted((a, b) => a.point.length - b.point.length).at(-1)
}

const lastWritten = (folder: string): string | undefined => {
  const names = attempt(() => readdirSync(folder)) ?? []
  const times = names
    .slice(0, MOST_FILES)
    .flatMap((name) => attempt(() => statSync(join(folder, name)).mtimeMs) ?? [])
  return times.length === 0 ? undefined : new Date(Math.max(...times)).toISOString()
}

/** What can be told of the disk that holds this folder; undefined when it cannot be looked at. */
export const readStateDisk = (folder: string): StateDisk | undefined => {
  const disk = attempt(() => statfsSync(folder))
  const path = attempt(() => realpathSync(folder))
  if (disk === undefined || path === undefined) return undefined
  const mount = mountOf(path)
  const writtenAt = lastWritten(path)
  return {
    freeMb: (disk.bavail * disk.bsize) / 1_048_576,
    ...(disk.files > 0 ? { inodesFree: (PERCENT * disk.ffree) / disk.files } : {}),
    ...(mount?.options.includes('ro') === true ? { readOnlyAt: mount.point } : {}),
    ...(writtenAt === undefined ? {} : { writtenAt }),
  }
}
