import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { memory } from './memory.ts'
import { type BenchFunction, markdownOf, type Section } from './parts/section.ts'
import { startError } from './start-error.ts'
import { startUp } from './start-up.ts'

const RESULTS = join(import.meta.dirname, 'RESULTS.md')
const KIB = 1024

/** A bench that prints for itself, run as a program of its own. */
const program =
  (title: string, file: string, method: string, args: (quick: boolean) => readonly string[]): BenchFunction =>
  async (quick) => ({
    title,
    head: [],
    rows: [],
    text: execFileSync(process.execPath, [join(import.meta.dirname, file), ...args(quick)], {
      encoding: 'utf8',
    }),
    method,
  })

const BENCHES: Readonly<Record<string, BenchFunction>> = {
  memory,
  'start-up': startUp,
  'start-error': startError,
  'verify-media': program(
    'Storing and checking media',
    'verify-media.ts',
    'An hour of MP3 into the cache and through the check that arms it, beside a bare ffmpeg.',
    (quick) => [quick ? '2' : '60'],
  ),
  drift: program(
    'Two devices in step',
    'drift.ts',
    'Two playout processes with crystals off by +104 and -50 ppm.',
    (quick) => [quick ? '5' : '60'],
  ),
}

const machine = (): string => {
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux'
  const gib = (totalmem() / KIB ** 3).toFixed(0)
  return `${cpus().length} x ${cpus()[0]?.model.trim() ?? process.arch}, ${gib} GiB, ${system}, Node ${process.versions.node} (${process.arch})`
}

const commit = (): string => {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', import.meta.dirname, ...args], { encoding: 'utf8' }).trim()
  const changed =
    git('status', '--porcelain', '--untracked-files=no', '--', '../../agent', '../../drivers') !== ''
  return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`
}

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true })
const quick = values.quick === true
const unknown = positionals.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  process.stderr.write(
    `there is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`,
  )
  process.exit(2)
}
const sections: Section[] = []
for (const [name, bench] of Object.entries(BENCHES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  process.stderr.write(`bench: ${name}\n`)
  const section = await bench(quick)
  sections.push(section)
  console.log(markdownOf(section))
}
if (!quick && positionals.length === 0)
  writeFileSync(
    RESULTS,
    [
      '# What the benches found',
      '',
      `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)} at commit ${commit()}: ${machine()}. Nothing here is gated; compare what is in one table, not tables of different machines.`,
      '',
      ...sections.map(markdownOf),
    ].join('\n'),
  )
