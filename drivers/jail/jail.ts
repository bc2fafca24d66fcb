import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { CONFINEMENTS, type Confinement, type JailReport } from '../../agent/core/status.ts'
import { type Machine, seccompFilter } from './filter.ts'
import { CONDITIONAL } from './syscalls.ts'

export type JailLimits = {
  /** Private memory. */
  readonly memoryMb: number
  readonly cpuSeconds: number
  /** Files and folders it must load beside itself and the libraries of the system. */
  readonly reads?: readonly string[]
}

/** What to start instead of the program; it becomes the program, in the same process. */
export type Jailed = { readonly command: string; readonly argv: readonly string[] }

export interface Jail {
  /** What it holds on this machine, as tried when it was opened. */
  readonly report: JailReport
  /** `program`: an absolute path, or a name found in /usr/bin or /bin. */
  jailed(program: string, argv: readonly string[], limits: JailLimits): Jailed
}

const PERL = '/usr/bin/perl'
const PROGRAM_FOLDERS = ['/usr/bin', '/bin']
/** Libraries, the list that finds them, and the voices of espeak-ng: nothing of the agent, no device, no account. */
const LOADED = ['/usr/lib', '/usr/lib64', '/lib', '/lib64', '/etc/ld.so.cache', '/usr/share/espeak-ng-data']
const CHECK_MS = 10_000
const MIB = 1024 * 1024
/** By number, the same on both machines. @see setrlimit(2) */
const LIMIT = { cpu: 0, fileSize: 1, data: 2, core: 4, descriptors: 7, addressSpace: 9 } as const
/** Reserved by threads and never touched: memory itself is bounded by `data`. */
const ADDRESS_SPACE_MB = 4096
const DESCRIPTORS = 64
/** From SIGXCPU, which tells why, to SIGKILL. */
const CPU_GRACE_SECONDS = 2

const limitWords = ({ memoryMb, cpuSeconds }: JailLimits): readonly string[] => {
  const wholeSeconds = Math.max(1, Math.ceil(cpuSeconds))
  return (
    [
      [LIMIT.cpu, wholeSeconds, wholeSeconds + CPU_GRACE_SECONDS],
      [LIMIT.fileSize, 0, 0],
      [LIMIT.data, memoryMb * MIB, memoryMb * MIB],
      [LIMIT.core, 0, 0],
      [LIMIT.descriptors, DESCRIPTORS, DESCRIPTORS],
      [LIMIT.addressSpace, ADDRESS_SPACE_MB * MIB, ADDRESS_SPACE_MB * MIB],
    ] as const
  ).map(([kind, soft, hard]) => `limit=${kind}:${soft}:${hard}`)
}

const machineOf = (arch: string): Machine | undefined =>
  arch === 'x64' || arch === 'arm64' ? arch : undefined

const numberWords = (machine: Machine): readonly string[] => {
  const column = machine === 'x64' ? 0 : 1
  return (['prctl', 'prlimit64'] as const).map(
    (call) => `${call.replace('64', '')}=${CONDITIONAL[call].numbers[column]}`,
  )
}

const launcherAbove = (folder: string): string | undefined => {
  const launcher = join(folder, 'scripts/jail')
  if (existsSync(launcher)) return launcher
  const above = dirname(folder)
  return above === folder ? undefined : launcherAbove(above)
}

const located = (program: string): string | undefined =>
  isAbsolute(program)
    ? [program].find((path) => existsSync(path))
    : PROGRAM_FOLDERS.map((folder) => join(folder, program)).find((path) => existsSync(path))

/** A script is executed by its interpreter. */
const executed = (path: string): readonly string[] => {
  const file = realpathSync(path)
  const [, interpreter] = /^#!\s*(\S+)/.exec(beginningOf(file)) ?? []
  return interpreter === undefined || !existsSync(interpreter) ? [file] : [file, realpathSync(interpreter)]
}

const beginningOf = (file: string): string => {
  const beginning = Buffer.alloc(256)
  const opened = openSync(file, 'r')
  try {
    return beginning.toString('latin1', 0, readSync(opened, beginning))
  } finally {
    closeSync(opened)
  }
}

const reportOf = (held: ReadonlySet<string>): JailReport => {
  const missing = CONFINEMENTS.filter((what) => !held.has(what))
  if (missing.length === 0) return { state: 'full', missing }
  return { state: missing.length === CONFINEMENTS.length ? 'none' : 'partial', missing }
}

/** What the launcher managed to withhold from itself. */
const tried = (launcher: string, words: readonly string[]): ReadonlySet<string> => {
  const { stdout } = spawnSync(PERL, [launcher, 'check=yes', ...words], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    encoding: 'utf8',
    timeout: CHECK_MS,
  })
  return new Set((stdout ?? '').split(/\s+/).filter((word) => word !== ''))
}

/** Starts programs as they are. */
export const NO_JAIL: Jail = {
  report: { state: 'none', missing: CONFINEMENTS },
  jailed: (program, argv) => ({ command: program, argv }),
}

/** What `launcher` holds on this machine, tried now. */
export const tryJail = (launcher: string, machine: Machine): Jail => {
  const filter = `filter=${Buffer.from(seccompFilter(machine)).toString('hex')}`
  const common = numberWords(machine)
  const reads = LOADED.map((path) => `read=${path}`)
  const checkLimits = limitWords({ memoryMb: 64, cpuSeconds: 5 })
  const held = tried(launcher, [...common, ...checkLimits, ...reads, filter])
  // Then the launcher may be what is missing.
  if (held.size === 0) return NO_JAIL
  const holds = (what: Confinement): boolean => held.has(what)
  return {
    report: reportOf(held),
    jailed: (program, argv, limits) => {
      const path = located(program)
      // Whoever starts it is told that it is not there.
      if (path === undefined) return { command: program, argv }
      const words = [
        ...common,
        `parent=${process.pid}`,
        ...(holds('limits') ? limitWords(limits) : []),
        ...(holds('files')
          ? [...reads, ...[...executed(path), ...(limits.reads ?? [])].map((each) => `read=${each}`)]
          : []),
        ...(holds('network') || holds('processes') ? [filter] : []),
      ]
      return { command: PERL, argv: [launcher, ...words, '--', path, ...argv] }
    },
  }
}

let opened: Jail | undefined

/**
 * The jail of this process's decoders and synthesisers, tried once. Where the kernel withholds less, or perl is
 * missing, it holds less and `report` says what is missing; what it was able to do when tried it must do each time,
 * or the program does not start.
 */
export const openJail = (): Jail => {
  const machine = machineOf(process.arch)
  const launcher = launcherAbove(import.meta.dirname)
  opened ??=
    machine === undefined || launcher === undefined || !existsSync(PERL)
      ? NO_JAIL
      : tryJail(launcher, machine)
  return opened
}
