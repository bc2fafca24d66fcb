import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import { readArguments } from './arguments.ts'
import type { Io, Verb } from './verb.ts'
import { broker } from './verbs/broker.ts'
import { check } from './verbs/check.ts'
import { command } from './verbs/command.ts'
import { content } from './verbs/content.ts'
import { enrol } from './verbs/enrol.ts'
import { job } from './verbs/job.ts'
import { keys } from './verbs/keys.ts'
import { move } from './verbs/move.ts'
import { publish } from './verbs/publish.ts'
import { records } from './verbs/records.ts'
import { renew } from './verbs/renew.ts'
import { schedule } from './verbs/schedule.ts'
import { serve } from './verbs/serve.ts'
import { sign } from './verbs/sign.ts'
import { trust } from './verbs/trust.ts'
import { watch } from './verbs/watch.ts'

const VERBS: readonly Verb[] = [
  keys,
  trust,
  schedule,
  sign,
  publish,
  content,
  records,
  check,
  watch,
  command,
  move,
  job,
  renew,
  broker,
  enrol,
  serve,
]

const overview = (): string =>
  [
    'province: a small stand-in for the provincial source system',
    '',
    ...VERBS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`),
    '',
    '`province VERB --help` tells more; docs/province.md shows them together.',
    '--json prints JSON.',
    'Exit codes: 0 fine, 1 the action failed or a check found a fault, 2 wrong usage.',
  ].join('\n')

const createIo = (json: boolean): Io => {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // A second signal meets Node's own behaviour and ends the process at once.
    process.once(signal, () => stop.abort())
  }
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    note: (line) => process.stderr.write(`${line}\n`),
    json,
    terminal: process.stdout.isTTY,
    stop: stop.signal,
    read: (file) =>
      file === '-'
        ? buffer(process.stdin)
        : readFile(file).catch((cause: unknown) => {
            throw new LoaError('IO', `cannot read ${file} (${messageOf(cause)})`, { cause })
          }),
  }
}

const SHARED_OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
} as const

/** Runs the command line given; resolves with the exit code. */
const run = async ([name = 'help', ...rest]: readonly string[]): Promise<number> => {
  if (name === 'help' || name === '--help' || name === '-h') {
    const verb = VERBS.find((each) => each.name === rest[0])
    process.stdout.write(`${verb === undefined ? overview() : helpOf(verb)}\n`)
    return 0
  }
  const verb = VERBS.find((each) => each.name === name)
  if (verb === undefined) throw new LoaError('USAGE', `no verb ${name}; \`province help\` lists them`)
  const args = readArguments(rest, { ...verb.options, ...SHARED_OPTIONS })
  if (args.has('help')) {
    process.stdout.write(`${helpOf(verb)}\n`)
    return 0
  }
  return await verb.run(args, createIo(args.has('json')))
}

const helpOf = ({ name, summary, help }: Verb): string => `province ${name}: ${summary}\n\n${help}`

// `province watch | head` ends when its reader does.
process.stdout.on('error', () => process.exit(0))

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  const path = error instanceof LoaError && error.path !== undefined ? ` (at ${error.path})` : ''
  process.stderr.write(`province: ${messageOf(error)}${path}\n`)
  process.exitCode = error instanceof LoaError && error.code === 'USAGE' ? 2 : 1
}
