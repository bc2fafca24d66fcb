import { loadAgentConfig } from '../../adapters/config/agent-config.ts'
import { loadBoard } from '../../adapters/config/board-files.ts'
import { boardFolder } from '../../adapters/system/project.ts'
import { readServiceLog } from '../../adapters/system/service-log.ts'
import { listStateFolder } from '../../adapters/system/system-report.ts'
import type { BundleFacts } from '../../core/bundle/pack.ts'
import {
  type BundlePart,
  INPUTS_PART,
  jsonPart,
  LOG_MS,
  LOG_PART,
  RECORD_DAYS,
  RECORDS_PART,
} from '../../core/bundle/part.ts'
import type { AgentConfig } from '../../core/configuration.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import type { Call } from '../call.ts'
import { configFile } from '../socket.ts'

/** Parts of a bundle, what is not among them, and whose they are. */
export type Gathered = {
  readonly parts: readonly BundlePart[]
  readonly missing: BundleFacts['missing']
  readonly device: string
  readonly timezone: string
}

type Found = Pick<Gathered, 'parts' | 'missing'>

const DAY_MS = 86_400_000
const UNKNOWN = { device: 'unknown', timezone: 'Asia/Ho_Chi_Minh' }

/** A part that cannot be had is named with why: a bundle of the rest is better than none. */
const found = async (name: string, read: () => Promise<readonly BundlePart[]>): Promise<Found> => {
  try {
    return { parts: await read(), missing: [] }
  } catch (error) {
    return { parts: [], missing: [{ part: name, why: messageOf(error) }] }
  }
}

const stateParts = async ({ io }: Call, { paths }: AgentConfig): Promise<readonly BundlePart[]> => {
  const { readLeftBehind } = await import('../../adapters/sqlite/left-behind.ts')
  const { records, inputs } = readLeftBehind(paths.state, paths.runtime, io.now() - RECORD_DAYS * DAY_MS)
  return [
    { name: RECORDS_PART, text: records },
    { name: INPUTS_PART, text: inputs },
  ]
}

const logPart = async ({ io, say }: Call): Promise<readonly BundlePart[]> => {
  const text = await readServiceLog(io.now() - LOG_MS)
  if (text === undefined) throw new LoaError('IO', say.support.bundle.noServiceLog)
  return [{ name: LOG_PART, text }]
}

/** What the disk and systemd say of an agent that does not answer. */
export const gatherWithoutAgent = async (call: Call): Promise<Gathered> => {
  const log = await found(LOG_PART, () => logPart(call))
  let config: AgentConfig
  try {
    config = loadAgentConfig(configFile(call).file)
  } catch (error) {
    const missing = [{ part: 'configuration.json', why: messageOf(error) }, ...log.missing]
    return { ...UNKNOWN, parts: log.parts, missing }
  }
  const board = await found('board.json', async () => [
    jsonPart('board.json', loadBoard(config.board, boardFolder())),
  ])
  const state = await found(RECORDS_PART, () => stateParts(call, config))
  return {
    device: config.device.id,
    timezone: config.timezone,
    parts: [
      jsonPart('configuration.json', config),
      jsonPart('state-folder.json', listStateFolder(config.paths.state)),
      ...board.parts,
      ...state.parts,
      ...log.parts,
    ],
    missing: [...board.missing, ...state.missing, ...log.missing],
  }
}
