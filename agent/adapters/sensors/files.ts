import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LoaError, messageOf } from '../../core/error.ts'

/** Reads below a folder that holds `sys` and `proc`, without holding up anybody. */
export type SensorFiles = {
  /** Trimmed; undefined when there is no such file. @throws IO when it cannot be read, or does not answer */
  text(path: string): Promise<string | undefined>
  /** The same of a file that says what something is: asked again after a minute only. @throws IO */
  name(path: string): Promise<string | undefined>
  /** Names in a folder, in order; empty when there is no such folder. Asked again after a minute only. @throws IO */
  list(path: string): Promise<readonly string[]>
}

export type SensorFilesOptions = { readonly deadlineMs?: number; readonly keptMs?: number }

const DEADLINE_MS = 1000
const KEPT_MS = 60_000
/** Of the four threads of the pool: a chip that does not answer holds one for as long as its bus waits. */
const MOST_OPEN = 3
const ABSENT: readonly string[] = ['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO']

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ABSENT.includes(String(error.code))

/** No more than a few reads at a time, none of them waited for beyond the deadline. */
const createGate = (deadlineMs: number) => {
  const open = new Set<string>()
  return async <T>(path: string, read: () => Promise<T>, absent: T): Promise<T> => {
    if (open.has(path)) throw new LoaError('IO', `${path} does not answer`)
    if (open.size >= MOST_OPEN) throw new LoaError('IO', `${path} is not asked while others do not answer`)
    open.add(path)
    const reading = read().finally(() => open.delete(path))
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new LoaError('IO', `${path} does not answer`)), deadlineMs)
    try {
      return await Promise.race([reading, late])
    } catch (error) {
      // What comes of it later is of no interest any more.
      reading.catch(() => undefined)
      if (isAbsent(error)) return absent
      throw error instanceof LoaError ? error : new LoaError('IO', messageOf(error), { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Remembers what does not change as long as nothing is plugged in. */
const kept = <T>(keptMs: number, read: (path: string) => Promise<T>) => {
  const known = new Map<string, { readonly at: number; readonly value: T }>()
  return async (path: string): Promise<T> => {
    const before = known.get(path)
    const now = performance.now()
    if (before !== undefined && now - before.at < keptMs) return before.value
    const value = await read(path)
    known.set(path, { at: now, value })
    return value
  }
}

/** `root` stands for `/`. */
export const createSensorFiles = (
  root: string,
  { deadlineMs = DEADLINE_MS, keptMs = KEPT_MS }: SensorFilesOptions = {},
): SensorFiles => {
  const within = createGate(deadlineMs)
  const text = (path: string): Promise<string | undefined> =>
    within<string | undefined>(
      path,
      async () => (await readFile(join(root, path), 'utf8')).replaceAll('\0', '').trim(),
      undefined,
    )
  return {
    text,
    name: kept(keptMs, text),
    list: kept(keptMs, (path) =>
      within<readonly string[]>(path, async () => (await readdir(join(root, path))).sort(), []),
    ),
  }
}
