import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { messageOf } from '../../core/error.ts'
import { checkSound } from './sound-check.ts'

/** In memory where there is such a folder: a card that may be dying is spared. */
const MEMORY = '/dev/shm'
/** What would take too long to copy is not looked at. */
const MOST_BYTES = 48 * 1_048_576
const COMPANION = '-wal'
/** What SQLite says of a file that is no database any more. */
const DAMAGE = /malformed|not a database|corrupt/i

const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0)

/** Opened where it lies, a database that nobody uses would get files of ours beside it, perhaps those of another user. */
const copyOf = (path: string, folder: string): string => {
  const copy = join(folder, basename(path))
  copyFileSync(path, copy)
  if (existsSync(path + COMPANION)) copyFileSync(path + COMPANION, copy + COMPANION)
  return copy
}

const verdictOf = async (path: string, signal: AbortSignal): Promise<string | undefined> => {
  try {
    return await checkSound(path, signal)
  } catch (thrown) {
    const message = messageOf(thrown)
    return DAMAGE.test(message) ? message : undefined
  }
}

/**
 * Reads a database from one end to the other without writing: `ok`, or what is damaged. Undefined when it is not there,
 * may not be read, is too large, or when it is not over in `withinMs`.
 * `inUse`: somebody has it open.
 */
export const lookAtDatabase = async (
  path: string,
  inUse: boolean,
  withinMs: number,
): Promise<string | undefined> => {
  const signal = AbortSignal.timeout(withinMs)
  try {
    accessSync(path, constants.R_OK)
    if (inUse) return await verdictOf(path, signal)
    if (sizeOf(path) + sizeOf(path + COMPANION) > MOST_BYTES) return undefined
  } catch {
    return undefined
  }
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'loa-doctor-'))
  try {
    return await verdictOf(copyOf(path, folder), signal)
  } catch {
    // It went away, or there is no room for a copy: nothing is known of it.
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
