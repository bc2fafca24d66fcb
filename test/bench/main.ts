import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { alert, alertIdle } from './alert.ts'
import { blocked } from './blocked.ts'
import { cli } from './cli.ts'
import { contact } from './contact.ts'
import { contactAtStart } from './contact-at-start.ts'
import { cpu } from './cpu.ts'
import { flood } from './flood.ts'
import { hearing } from './hearing.ts'
import { inStep } from './in-step.ts'
import { memory } from './memory.ts'
import { outbox } from './outbox.ts'
import { origin } from './parts/origin.ts'
import { mergeResults } from './parts/results.ts'
import { markdownOf, type NamedBench } from './parts/section.ts'
import { render } from './render.ts'
import { resume } from './resume.ts'
import { signs } from './signs.ts'
import { startError } from './start-error.ts'
import { startUp } from './start-up.ts'
import { verifyMedia } from './verify-media.ts'

/** `Nice=` of systemd/loa-agent.service. */
const UNIT_NICE = -10
const RESULTS = join(import.meta.dirname, 'RESULTS.md')

const BENCHES: Readonly<Record<string, NamedBench>> = {
  memory,
  flood,
  'start-up': startUp,
  'start-error': startError,
  alert,
  'alert-idle': alertIdle,
  contact,
  'contact-at-start': contactAtStart,
  resume,
  'in-step': inStep,
  blocked,
  cpu,
  hearing,
  'verify-media': verifyMedia,
  outbox,
  render,
  signs,
  cli,
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
/** Agent and peers alike inherit it. */
const asTheUnitDoes = (): void => {
  try {
    setPriority(UNIT_NICE)
  } catch {
    process.stderr.write(
      `bench: only root may run at nice ${UNIT_NICE} as the unit does; at ${getPriority()}\n`,
    )
  }
}
asTheUnitDoes()
// What the benches started ends with this process, and that only when it exits by itself.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
const titles = Object.values(BENCHES).map(({ title }) => title)
for (const [name, bench] of Object.entries(BENCHES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  process.stderr.write(`bench: ${name}\n`)
  const from = origin()
  try {
    const text = markdownOf(bench.title, await bench.run(quick), from)
    console.log(text)
    const before = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : ''
    if (!quick) writeFileSync(RESULTS, mergeResults(before, new Map([[bench.title, text]]), titles))
  } catch (error) {
    // The others are worth having; the section of this one stays as it was.
    process.stderr.write(`bench: ${name} broke: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = 1
  }
}
