import { existsSync, statSync } from 'node:fs'
import { loadAgentConfig } from '../adapters/config/agent-config.ts'
import { loadBoard } from '../adapters/config/board-files.ts'
import { withPairInForce } from '../adapters/identity/in-force.ts'
import { boardFolder, packageVersion } from '../adapters/system/project.ts'
import { findFileFaults } from '../adapters/system/secret-files.ts'
import { readStateDisk } from '../adapters/system/state-disk.ts'
import type { AgentConfig } from '../core/configuration.ts'
import { type DoctorFacts, settingsOf } from '../core/doctor/facts.ts'
import { fail, ok, type Told, warn } from '../core/doctor/told.ts'
import { ConfigFault } from '../wire/config-fault.ts'
import { boardChecks } from './board-checks.ts'
import type { Call } from './call.ts'
import { readMachine } from './machine.ts'
import { configFile, DEFAULT_RUNTIME } from './socket.ts'

/** What can be told without asking the agent. */
export type LocalFacts = {
  readonly facts: DoctorFacts
  /** Where the agent listens if it runs; absent where only a file that is not valid could say so. */
  readonly runtime?: string
  /** Folder of the databases, where the configuration could be read. */
  readonly state?: string
  /** Hosts that a time service of this machine is told to ask. */
  readonly timeServers: readonly string[]
  /** Configuration or board file is not valid. */
  readonly invalid: boolean
}

type Seen = DoctorFacts['seen']

const faultsOf = ({ faults }: ConfigFault): readonly string[] =>
  faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))

const boardSeen = async (call: Call, named: string): Promise<{ seen: Seen; invalid: boolean }> => {
  const { say } = call
  try {
    return { seen: await boardChecks(call, loadBoard(named, boardFolder())), invalid: false }
  } catch (fault) {
    if (!(fault instanceof ConfigFault)) throw fault
    const board = faultsOf(fault).map((each) => fail(say.doctor.config.boardInvalid(named, each)))
    return { seen: { board }, invalid: true }
  }
}

const ofMachine = ({ io }: Call): Pick<LocalFacts, 'timeServers'> & { readonly facts: DoctorFacts } => {
  const { timeServers, kernel, lsm, groups, exists, hasId, programs, rtcAt } = readMachine(io.root)
  const rtc = rtcAt === undefined ? {} : { rtcAt }
  return {
    timeServers,
    facts: {
      at: new Date(io.now()).toISOString(),
      installed: { version: packageVersion(), node: process.versions.node },
      machine: { kernel, lsm, groups, perl: exists('/usr/bin/perl'), hasId, programs, ...rtc },
      seen: {},
    },
  }
}

const diskFacts = (state: string): Pick<DoctorFacts, 'diskMb' | 'disk'> => {
  const found = existsSync(state) ? readStateDisk(state) : undefined
  if (found === undefined) return {}
  const { freeMb, ...disk } = found
  return { diskMb: freeMb, disk }
}

const fromConfig = async (call: Call, file: string, config: AgentConfig): Promise<LocalFacts> => {
  const board = await boardSeen(call, config.board)
  const { state, runtime } = config.paths
  const { facts, timeServers } = ofMachine(call)
  return {
    facts: {
      ...facts,
      configChangedAt: statSync(file).mtime.toISOString(),
      settings: settingsOf(config),
      files: findFileFaults(withPairInForce(config, undefined), undefined, call.io.now()),
      ...diskFacts(state),
      seen: { ...board.seen, configuration: [ok(call.say.doctor.config.valid(file))] },
    },
    timeServers,
    runtime,
    state,
    invalid: board.invalid,
  }
}

/** Without a valid configuration; an installed agent is asked all the same, where it usually listens. */
const withoutConfig = (call: Call, configuration: readonly Told[], invalid: boolean): LocalFacts => {
  const { facts, timeServers } = ofMachine(call)
  return {
    facts: { ...facts, seen: { configuration } },
    timeServers,
    invalid,
    ...(configFile(call).asked ? {} : { runtime: DEFAULT_RUNTIME }),
  }
}

const errnoOf = ({ cause }: ConfigFault): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : ''

/** Reads configuration, board and machine; what is wrong with them is a finding, never an error. */
export const gatherLocal = async (call: Call): Promise<LocalFacts> => {
  const { config: words } = call.say.doctor
  const { file, asked } = configFile(call)
  try {
    return await fromConfig(call, file, loadAgentConfig(file))
  } catch (fault) {
    if (!(fault instanceof ConfigFault)) throw fault
    const errno = errnoOf(fault)
    if (errno === 'ENOENT' && !asked) return withoutConfig(call, [fail(words.missing(file))], false)
    if (errno !== '') {
      // Only root and the agent may have to read it: then the agent tells what is in force.
      const told = errno === 'EACCES' && !asked ? warn : fail
      return withoutConfig(call, [told(words.unreadable(file, errno))], asked)
    }
    const told = faultsOf(fault).map((each) => fail(words.invalid(file, each)))
    return withoutConfig(call, told, true)
  }
}
