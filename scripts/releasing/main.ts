import { mkdirSync } from 'node:fs'
import { readYaml } from '../../agent/adapters/config/yaml-file.ts'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import { readReleaseKeys } from '../../agent/wire/update-configuration.ts'
import { type Arguments, onlyPositional, readArguments } from '../source-system/arguments.ts'
import { makeKey, readKey, writeKey } from '../source-system/keys.ts'
import { checkRelease, describeRelease, signRelease, writeRelease } from './release-files.ts'

const HELP = `release: releases of packages, which receivers take by an order of the province or from a file

  release key KID --out FILE.jwk
      makes a key that signs releases (0600, never overwritten) and prints what agent.yaml needs. Keep it off
      the network, and apart from every key that signs documents.
  release sign --key FILE.jwk [--url PREFIX]… [--days N] [--from VERSION] [--note vi=TEXT]… --out FOLDER FILE.deb…
      signs the packages of one version (scripts/package makes them); writes FOLDER/release.jws and one .loa each,
      which \`loa update\` takes.
      --url P       where the packages are fetched: P/<name of the package>; content.allow must hold it
      --days N      how long it may be taken (365)
      --from V      the oldest version that may take it
      --note vi=T   what has changed, by language
  release check FILE --keys agent.yaml
      judges a release.jws or .loa as a receiver with these update.keys would.

Exit codes: 0 fine, 1 the file is not as it should be, 2 wrong usage.`

const DAY_MS = 86_400_000

const OPTIONS = {
  key: { type: 'string' },
  keys: { type: 'string' },
  out: { type: 'string' },
  url: { type: 'string', multiple: true },
  days: { type: 'string' },
  from: { type: 'string' },
  note: { type: 'string', multiple: true },
} as const

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const key = async (args: Arguments): Promise<void> => {
  const made = makeKey(onlyPositional(args, 'id of the key'))
  await writeKey(args.required('out'), made)
  say(`update:\n  keys:\n    - { kid: ${made.kid}, x: "${made.x}" }`)
}

const notesOf = (words: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    words.map((word) => {
      const [, language, text] = /^([A-Za-z-]+)=(.+)$/s.exec(word) ?? []
      if (language === undefined || text === undefined)
        throw new LoaError('USAGE', `--note is language=text, not ${word}`)
      return [language, text]
    }),
  )

const sign = async (args: Arguments): Promise<void> => {
  const { positionals: packages } = args
  if (packages.length === 0) throw new LoaError('USAGE', 'give the packages that it is made of')
  const signer = await readKey(args.required('key'))
  const folder = args.required('out')
  const issued = new Date()
  const days = args.number('days', { min: 1, max: 3_650 }) ?? 365
  const from = args.text('from')
  const notes = notesOf(args.list('note'))
  const release = describeRelease({
    packages,
    urls: args.list('url'),
    issued,
    until: new Date(issued.getTime() + days * DAY_MS),
    ...(from === undefined ? {} : { from }),
    ...(Object.keys(notes).length === 0 ? {} : { notes }),
  })
  mkdirSync(folder, { recursive: true })
  for (const file of writeRelease(folder, signRelease(release, signer), packages)) say(file)
}

const check = (args: Arguments): void => {
  const { release, file } = checkRelease(
    onlyPositional(args, 'file'),
    readYaml(args.required('keys'), readReleaseKeys),
  )
  const files = release.files.map(({ arch, bytes }) => `${arch} (${bytes} bytes)`).join(', ')
  say(`release ${release.version}, until ${release.exp}: ${files}`)
  if (file) say(`holds the package for ${file.arch}`)
}

const VERBS: Readonly<Record<string, (args: Arguments) => unknown>> = { key, sign, check }

const run = async ([name = '--help', ...rest]: readonly string[]): Promise<void> => {
  if (['help', '--help', '-h'].includes(name) || rest.includes('--help')) return say(HELP)
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined
  if (!verb) throw new LoaError('USAGE', `no verb ${name}; \`scripts/release --help\` lists them`)
  await verb(readArguments(rest, OPTIONS))
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`release: ${messageOf(error)}\n`)
  process.exitCode = error instanceof LoaError && error.code === 'USAGE' ? 2 : 1
}
