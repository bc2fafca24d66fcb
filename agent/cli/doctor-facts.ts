import { existsSync, statSync } from 'node:fs'
import { loadAgentConfig } from '../adapters/config/agent-config.ts'
import { loadBoard } from '../adapters/config/board-files.ts'
import { createMachine } from '../adapters/system/machine.ts'
import { boardFolder, packageVersion } from '../adapters/system/project.ts'
import { findFileFaults } from '../adapters/system/secret-files.ts'
import type { AgentConfig } from '../core/configuration.ts'
import { type Finding, fail, ok, type Told, warn } from '../core/doctor/check.ts'
import { type DoctorFacts, settingsOf } from '../core/doctor/facts.ts'
import { ConfigFault } from '../wire/config-fault.ts'
import { boardChecks } from './board-checks.ts'
import type { Call } from './call.ts'
import { readMachine } from './machine.ts'
import { configFile, DEFAULT_RUNTIME } from './socket.ts'

/** What can be told without asking the agent. */
export type LocalFacts = {
  readonly facts: DoctorFacts
  readonly findings: readonly Finding[]
  /** Where the agent listens if it runs; absent where only a file that is not valid could say so. */
  readonly runtime?: string
  /** Configuration or board file is not valid. */
  readonly invalid: boolean
}

const faultsOf = ({ faults }: ConfigFault): readonly string[] =>
  faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))

const ofFile = (told: Told): Finding => ({ group: 'device', check: 'configuration', ...told })
const ofBoard = (told: Told): Finding => ({ group: 'board', check: 'board', ...told })

const boardFindings = async (
  call: Call,
  named: string,
): Promise<{ findings: readonly Finding[]; invalid: boolean }> => {
  const { say } = call
  try {
    const board = loadBoard(named, boardFolder())
    return { findings: (await boardChecks(call, board)).map(ofBoard), invalid: false }
  } catch (fault) {
    if (!(fault instanceof ConfigFault)) throw fault
    const told = faultsOf(fault).map((each) => fail(say.doctor.config.boardInvalid(named, each)))
    return { findings: told.map(ofBoard), invalid: true }
  }
}

const baseFacts = (call: Call): DoctorFacts => {
  const { kernel, lsm, groups, exists } = readMachine(call.io.root)
  return {
    installed: { version: packageVersion(), node: process.versions.node },
    machine: { kernel, lsm, groups, perl: exists('/usr/bin/perl') },
  }
}

const fromConfig = async (call: Call, file: string, config: AgentConfig): Promise<LocalFacts> => {
  const board = await boardFindings(call, config.board)
  const { state } = config.paths
  return {
    facts: {
      ...baseFacts(call),
      configChangedAt: statSync(file).mtime.toISOString(),
      settings: settingsOf(config),
      files: findFileFaults(config, undefined, call.io.now()),
      ...(existsSync(state) ? { diskMb: createMachine(state).freeDiskMb() } : {}),
    },
    findings: [ofFile(ok(call.say.doctor.config.valid(file))), ...board.findings],
    runtime: config.paths.runtime,
    invalid: board.invalid,
  }
}

/** Without a valid configuration; an installed agent is asked all the same, where it usually listens. */
const withoutConfig = (call: Call, findings: readonly Finding[], invalid: boolean): LocalFacts => ({
  facts: baseFacts(call),
  findings,
  invalid,
  ...(configFile(call).asked ? {} : { runtime: DEFAULT_RUNTIME }),
})

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
    if (errno !== '') {
      // Only root and the agent may have to read it: then the agent tells what is in force.
      const told = errno === 'EACCES' && !asked ? warn : fail
      return withoutConfig(call, [ofFile(told(words.unreadable(file, errno)))], asked)
    }
    const told = faultsOf(fault).map((each) => ofFile(fail(words.invalid(file, each))))
    return withoutConfig(call, told, true)
  }
}
