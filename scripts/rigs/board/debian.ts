import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

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

/**
 * Unpacks arm64 packages of this machine's Debian release, with what they depend on, into `folder`. Nothing of them is
 * run, so no emulation of programs is needed, and nothing is configured either.
 */
export const unpackPackages = (folder: string, packages: readonly string[]): void => {
  const sources = SOURCES.filter((file) => existsSync(file))
  execFileSync(
    'mmdebstrap',
    [
      '--quiet',
      '--mode=root',
      '--variant=extract',
      '--architectures=arm64',
      `--include=${packages.join(',')}`,
      ...accessOptions(),
      debianRelease(),
      folder,
      ...sources,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'], timeout: 20 * MINUTE_MS, cwd: '/' },
  )
}
