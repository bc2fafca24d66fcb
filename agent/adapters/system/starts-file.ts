import { accessSync, constants, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../core/error.ts'
import {
  START_STAGES,
  type Start,
  type StartMode,
  type StartStage,
  startMode,
  withoutState,
  withStage,
  withStart,
} from '../../core/safe-mode.ts'
import type { Logger } from '../../ports/logger.ts'

/** What the start under way writes down, for the one after it if it dies. */
export type StartsFile = {
  /** How to start this time. */
  readonly mode: StartMode
  /** Before the stage is begun. */
  stage(stage: StartStage): void
  /** This start is over well: it and those before it are forgotten. */
  clear(): void
}

const isStart = (value: unknown): value is Start =>
  typeof value === 'object' &&
  value !== null &&
  'stage' in value &&
  START_STAGES.some((stage) => stage === value.stage) &&
  'safe' in value &&
  typeof value.safe === 'boolean'

/** What cannot be read counts as no start at all: it must never keep the agent from a normal one. */
const read = (path: string): readonly Start[] => {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return Array.isArray(content) ? content.filter(isStart) : []
  } catch {
    return []
  }
}

/** A full disk is none: the state keeps a reserve on it. */
const isReadOnly = (folder: string, logger: Logger): boolean => {
  try {
    accessSync(folder, constants.W_OK)
    return false
  } catch (error) {
    logger.error({ error: messageOf(error) }, 'the state cannot be written')
    return true
  }
}

/**
 * Notes that a start begins, in a file of its own: a database may be what kills it. It is not synced: what a power cut
 * takes away is one start less that is held against the agent, and the flash is spared.
 */
export const openStartsFile = (stateFolder: string, logger: Logger): StartsFile => {
  const path = join(stateFolder, 'starts.json')
  const dead = read(path)
  const mode = isReadOnly(stateFolder, logger) ? withoutState(true) : startMode(dead)
  let starts = withStart(dead, mode)
  const attempt = (change: () => void): void => {
    try {
      change()
    } catch (error) {
      logger.warn({ path, error: messageOf(error) }, 'this start cannot be noted')
    }
  }
  const write = (): void =>
    attempt(() => {
      writeFileSync(`${path}.tmp`, JSON.stringify(starts), { mode: 0o600 })
      renameSync(`${path}.tmp`, path)
    })
  write()
  return {
    mode,
    stage: (stage) => {
      starts = withStage(starts, stage)
      write()
    },
    clear: () => attempt(() => rmSync(path, { force: true })),
  }
}
