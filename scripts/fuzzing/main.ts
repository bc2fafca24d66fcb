import fc from 'fast-check'
import { mediaTargets } from '../../test/fuzz/media.ts'
import { messageTargets } from '../../test/fuzz/messages.ts'

/** `scripts/fuzz [MINUTES]`: every target in turn, with new seeds, until the time is over. */
const SLICE_MS = 5000
const minutes = Number(process.argv[2] ?? 10)
if (!(minutes > 0)) {
  process.stderr.write('fuzz: say for how many minutes, such as: scripts/fuzz 10\n')
  process.exit(2)
}

type Count = { accepted: number; refused: number; seconds: number }
const targets = [...messageTargets, ...mediaTargets]
const counts = new Map<string, Count>(
  targets.map(({ name }) => [name, { accepted: 0, refused: 0, seconds: 0 }]),
)

const runSlice = ({ name, property }: (typeof targets)[number], seed: number): boolean => {
  const count = counts.get(name) ?? { accepted: 0, refused: 0, seconds: 0 }
  const begun = performance.now()
  const result = fc.check(
    property((outcome) => {
      count[outcome] += 1
    }),
    { seed, numRuns: 100_000_000, interruptAfterTimeLimit: SLICE_MS, markInterruptAsFailure: false },
  )
  count.seconds += (performance.now() - begun) / 1000
  if (!result.failed) return true
  process.stdout.write(`FAIL ${name}\n${fc.defaultReportMessage(result) ?? ''}\n`)
  return false
}

const end = performance.now() + minutes * 60_000
const failed = new Set<string>()
for (let round = 0; performance.now() < end; round += 1)
  for (const each of targets) {
    if (failed.has(each.name) || performance.now() >= end) continue
    if (!runSlice(each, (Date.now() + round) % 2 ** 31)) failed.add(each.name)
  }

process.stdout.write('target                     accepted     refused   seconds\n')
for (const [name, { accepted, refused, seconds }] of counts)
  process.stdout.write(
    `${name.padEnd(22)}${String(accepted).padStart(13)}${String(refused).padStart(12)}${seconds.toFixed(0).padStart(10)}\n`,
  )
process.exitCode = failed.size > 0 ? 1 : 0
