import { mkdirSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { writeRelayList } from '../../drivers/gpio/relay-list.ts'
import { openJail } from '../../drivers/jail/jail.ts'
import { giveBackStartPages } from '../../drivers/native/start-pages.ts'
import { openSignboard } from '../../drivers/registry.ts'
import { loadAgentConfig } from '../adapters/config/agent-config.ts'
import { loadBoard } from '../adapters/config/board-files.ts'
import { clearStaleSocket } from '../adapters/control/stale-socket.ts'
import { createCryptography } from '../adapters/crypto/node-cryptography.ts'
import { LogRing } from '../adapters/log/log-ring.ts'
import { createLogger } from '../adapters/log/pino-logger.ts'
import { openMediaCache } from '../adapters/sqlite/media-db.ts'
import { openStateDb } from '../adapters/sqlite/state-db.ts'
import { replaceStateFolder } from '../adapters/sqlite/state-folder.ts'
import { mirroredFact } from '../adapters/sqlite/state-mirror.ts'
import { boardFolder } from '../adapters/system/project.ts'
import { openStartsFile, type StartsFile } from '../adapters/system/starts-file.ts'
import { openWatchdog } from '../adapters/systemd/watchdog.ts'
import type { AgentConfig, BoardConfig, InputConfig } from '../core/configuration.ts'
import type { OptionalPart } from '../core/safe-mode.ts'
import { startStepMs } from '../core/start-time.ts'
import { isoUtc } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { MediaCache } from '../ports/media-cache.ts'
import type { Signboard } from '../ports/signboard.ts'
import type { StateStore } from '../ports/state-store.ts'
import { createAbsentSignboard } from '../services/absent-signboard.ts'
import { DATA_FACT } from '../services/data-meter.ts'
import { PLACE_FACT, Places } from '../services/places.ts'
import { FRESH_AREAS_FACT } from '../services/staleness-watch.ts'
import type { Outside } from './outside.ts'

const START_IS_OVER_MS = 15_000
/** Facts that must outlive state.db. */
const MIRRORED_FACTS = [
  'presence.connection',
  'clock.floor',
  'clock.last-synced',
  'mute',
  'volume.ordered',
  FRESH_AREAS_FACT,
  PLACE_FACT,
]

/** Facts that are saved each minute. */
const RESTLESS_FACTS = ['clock.floor', 'clock.last-synced', 'dispatch.handled-until', DATA_FACT]

/** Paths of traces and tapes in a board file are relative to the state folder. */
function boardAt(board: BoardConfig, stateFolder: string): BoardConfig {
  const place = (path: string): string => (isAbsolute(path) ? path : join(stateFolder, path))
  const traced = <T extends object>(config: T): T =>
    'trace' in config && typeof config.trace === 'string' ? { ...config, trace: place(config.trace) } : config
  const { audio } = board
  return {
    ...board,
    audio: audio.driver === 'wav' ? { ...audio, file: place(audio.file) } : audio,
    amplifiers: board.amplifiers.map(traced),
    inputs: board.inputs.map((input) => levelled(input, place)),
    signs: board.signs.map(traced),
  }
}

/** So are the files that stand for contacts. */
function levelled(input: InputConfig, place: (path: string) => string): InputConfig {
  if (input.driver !== 'virtual') return input
  const { keySwitch } = input
  const level = place(input.level)
  return keySwitch === undefined
    ? { ...input, level }
    : { ...input, level, keySwitch: { level: place(keySwitch.level) } }
}

const isOff = ({ mode }: StartsFile, part: OptionalPart): boolean =>
  mode.kind === 'safe' && mode.off.includes(part)

/** In safe mode an empty cache beside the control socket: media.db is not touched, and every file is missing. */
function openMedia(
  { paths }: AgentConfig,
  starts: StartsFile,
  onRebuilt: (message: string) => void,
): MediaCache {
  starts.stage('media')
  const path = isOff(starts, 'media') ? join(paths.runtime, 'safe-mode.db') : join(paths.state, 'media.db')
  return openMediaCache(path, { onRebuilt })
}

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** In safe mode a memory for this start alone, beside the control socket: the files of the state are not touched. */
function stateFolderOf({ paths }: AgentConfig, starts: StartsFile): string {
  if (!isOff(starts, 'state')) return paths.state
  const folder = join(paths.runtime, 'safe-state')
  replaceStateFolder(paths.state, folder)
  return folder
}

function openSigns(
  { signs }: BoardConfig,
  stateFolder: string,
  starts: StartsFile,
  clock: Clock,
): Promise<readonly Signboard[]> {
  starts.stage('signs')
  return Promise.all(
    signs.map((sign) =>
      isOff(starts, 'signs')
        ? createAbsentSignboard(sign, 'left off in safe mode')
        : openSignboard(sign, () => clock.wall(), stateFolder),
    ),
  )
}

/** A device that was moved does not go back while its state is left off: the mirror remembers. */
function openPlaces({ device, paths }: AgentConfig, starts: StartsFile, { facts }: StateStore): Places {
  const moved = isOff(starts, 'state') ? mirroredFact(paths.state, PLACE_FACT) : undefined
  if (moved !== undefined) facts.set(PLACE_FACT, moved)
  return new Places(device, facts)
}

const placedAt = (config: AgentConfig, { present }: Places): AgentConfig => ({
  ...config,
  device: { ...config.device, ...present },
})

/**
 * What the agent stands on: its configuration, the machine, the stores.
 * @throws ConfigFault; IO when another agent holds the control socket
 */
export async function openGround(configFile: string, outside: Outside) {
  const config = loadAgentConfig(configFile)
  const board = boardAt(loadBoard(config.board, boardFolder()), config.paths.state)
  const logRing = new LogRing()
  const logger = createLogger(config.log.level, logRing)
  setTimeout(
    () => logger.debug({ kib: giveBackStartPages() }, 'start pages given back'),
    START_IS_OVER_MS,
  ).unref()
  mkdirSync(config.paths.state, { recursive: true, mode: 0o750 })
  mkdirSync(config.paths.runtime, { recursive: true, mode: 0o755 })
  // Before stores and hardware are touched: a second agent would open the relays under the first.
  const controlSocket = join(config.paths.runtime, 'control.sock')
  await clearStaleSocket(controlSocket)
  const playoutProgram = outside.startPlayout()
  const starts = openStartsFile(config.paths.state, logger)
  writeRelayList(config.paths.runtime, board.amplifiers)
  const jail = openJail().report
  if (jail.state !== 'full')
    logger.warn({ jail }, 'the kernel does not confine the decoders as far as it should')
  const { clock } = outside
  const machine = outside.createMachine(config.paths.state)
  // biome-ignore lint/style/noProcessEnv: systemd speaks to the process through its environment
  const watchdog = openWatchdog(process.env, logger)
  const stateFolder = stateFolderOf(config, starts)
  watchdog.starting(startStepMs(bytesOf(join(stateFolder, 'state.db'))))
  const state = openStateDb({
    directory: stateFolder,
    runtime: config.paths.runtime,
    machineId: machine.machineId,
    wall: () => clock.wall(),
    log: logger,
    mirroredFacts: MIRRORED_FACTS,
    restlessFacts: RESTLESS_FACTS,
  })
  const places = openPlaces(config, starts, state)
  const media = openMedia(config, starts, (message) => {
    logger.error({ code: 'DATABASE', message }, 'media.db was made anew')
    const data = { source: 'media.db', message }
    state.outbox.event({ at: isoUtc(clock.wall()), code: 'DATABASE', severity: 'warning', data })
  })
  const signboards = await openSigns(board, config.paths.state, starts, clock)
  watchdog.starting(startStepMs(0))
  return {
    outside,
    config: placedAt(config, places),
    places,
    board,
    logger,
    logRing,
    starts,
    clock,
    machine,
    state,
    media,
    signboards,
    watchdog,
    jail,
    controlSocket,
    playoutProgram,
    // biome-ignore lint/style/noProcessEnv: systemd speaks to the process through its environment
    credentialsDirectory: process.env['CREDENTIALS_DIRECTORY'],
    crypto: createCryptography(),
  }
}

export type Ground = Awaited<ReturnType<typeof openGround>>
