import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const MINUTE_MS = 60_000
/** Where Debian keeps its own archive; those of others have files of their own. */
const SOURCES = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list']
/** How this machine reaches the archive. A proxy with a password in its address is left out. */
const ACCESS =
  /^Acquire::(?:https?::(?:Proxy|CaInfo|Verify-Peer)|Check-(?:Valid-Until|Date)) (?!.*:\/\/[^/]*@)/

export const debianRelease = (): string =>
  /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable'

/** Options of mmdebstrap by which it reaches the archive as this machine does. */
export const accessOptions = (): readonly string[] =>
  execFileSync('apt-config', ['dump'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => ACCESS.test(line))
    .map((line) => `--aptopt=${line}`)

const mmdebstrap = (
  folder: string,
  packages: readonly string[],
  more: readonly string[],
): readonly string[] => [
  'mmdebstrap',
  '--quiet',
  '--mode=root',
  '--architectures=arm64',
  `--include=${packages.join(',')}`,
  ...accessOptions(),
  ...more,
  debianRelease(),
  folder,
  ...SOURCES.filter((file) => existsSync(file)),
]

const run = ([program = '', ...words]: readonly string[], minutes: number): void => {
  const timeout = minutes * MINUTE_MS
  execFileSync(program, words, { stdio: ['ignore', 'inherit', 'inherit'], timeout, cwd: '/' })
}

/**
 * Unpacks arm64 packages of this machine's Debian release, with what they depend on, into `folder`. Nothing of them is
 * run, so no emulation of programs is needed, and nothing is configured either.
 */
export const unpackPackages = (folder: string, packages: readonly string[]): void =>
  run(mmdebstrap(folder, packages, ['--variant=extract']), 20)

/** Runs a command with programs for arm64 emulated one by one. */
export const FOREIGN = join(import.meta.dirname, '../../imaging/foreign')

/** Installs a minimal Debian for arm64 with these packages into `folder`: each is configured by its own scripts, emulated. */
export const installPackages = (folder: string, packages: readonly string[]): void =>
  // The emulator stands outside of the root, where mmdebstrap does not look for it.
  run([FOREIGN, ...mmdebstrap(folder, packages, ['--variant=minbase', '--skip=check/qemu'])], 40)
