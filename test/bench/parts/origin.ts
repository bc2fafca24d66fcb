import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, getPriority, totalmem } from 'node:os'

const KIB = 1024

const machine = (): string => {
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux'
  const gib = (totalmem() / KIB ** 3).toFixed(0)
  return `${cpus().length} x ${cpus()[0]?.model.trim() ?? process.arch}, ${gib} GiB, ${system}, Node ${process.versions.node} (${process.arch})`
}

const commit = (): string => {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', import.meta.dirname, ...args], { encoding: 'utf8' }).trim()
  const changed =
    git(
      'status',
      '--porcelain',
      '--untracked-files=no',
      '--',
      ':/',
      ':(top,exclude)test/bench/RESULTS.md',
    ) !== ''
  return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`
}

/** When, of what and where a section was measured. */
export const origin = (): string =>
  `Measured on ${new Date().toISOString().slice(0, 10)} at commit ${commit()}, everything at nice ${getPriority()}: ${machine()}.`
