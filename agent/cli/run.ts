import { LoaError, messageOf } from '../core/error.ts'
import { ConfigFault } from '../wire/config-fault.ts'
import type { Call, Verb } from './call.ts'
import type { ExitCode, Io } from './io.ts'
import type { Language, Messages } from './messages/messages.ts'
import { languageAsked, languageOf, parse } from './parse.ts'
import { isVerb, type VerbName } from './syntax.ts'
import { createPaint } from './text/style.ts'
import { plain } from './text/width.ts'
import { faultLines } from './views/fault-lines.ts'

/** Each verb is loaded when it is asked for: what one needs must not slow the others. */
const VERB_MODULES: Readonly<Record<VerbName, () => Promise<Verb>>> = {
  run: async () => (await import('./verbs/run.ts')).run,
  status: async () => (await import('./verbs/status.ts')).status,
  schedule: async () => (await import('./verbs/schedule.ts')).schedule,
  media: async () => (await import('./verbs/media.ts')).media,
  log: async () => (await import('./verbs/log.ts')).log,
  play: async () => (await import('./verbs/play.ts')).play,
  hear: async () => (await import('./verbs/hear.ts')).hear,
  amp: async () => (await import('./verbs/amp.ts')).amp,
  sign: async () => (await import('./verbs/sign.ts')).sign,
  config: async () => (await import('./verbs/config.ts')).config,
  board: async () => (await import('./verbs/board.ts')).board,
  doctor: async () => (await import('./verbs/doctor.ts')).doctor,
  selftest: async () => (await import('./verbs/selftest.ts')).selftest,
  bundle: async () => (await import('./verbs/bundle.ts')).bundle,
  replay: async () => (await import('./verbs/replay.ts')).replay,
  setup: async () => (await import('./verbs/setup.ts')).setup,
  verify: async () => (await import('./verbs/verify.ts')).verify,
  update: async () => (await import('./verbs/update.ts')).update,
  version: async () => (await import('./verbs/version.ts')).version,
  help: async () => (await import('./verbs/help.ts')).help,
}

const catalogue = async (language: Language): Promise<Messages> =>
  language === 'vi' ? (await import('./messages/vi.ts')).vi : (await import('./messages/en.ts')).en

const exitCodeOf = (error: unknown): ExitCode => {
  if (!(error instanceof LoaError)) return 1
  if (error.code === 'USAGE' || error.code === 'CONFIG') return 2
  return error.code === 'NOT_RUNNING' || error.code === 'NOT_ANSWERING' ? 3 : 1
}

const sentenceOf = (error: unknown, { faults }: Messages): string => {
  if (!(error instanceof LoaError)) return faults.unexpected(messageOf(error))
  const where = error.path ?? ''
  if (error.code === 'NOT_RUNNING') return faults.notRunning(where)
  if (error.code === 'NOT_ANSWERING') return faults.notAnswering(where)
  if (error.code === 'NOT_ADMIN') return faults.notAdmin
  return error.code === 'NO_ACCESS' ? faults.noAccess(where) : error.message
}

const nextOf = (error: unknown, say: Messages, verb: string): string | undefined => {
  // A faulty file was named with all its places.
  if (!(error instanceof LoaError) || error.code === 'CONFIG') return undefined
  return error.code === 'USAGE' ? say.usage.seeHelp(verb) : say.next[error.code]
}

const linesOf = (error: unknown, say: Messages): readonly string[] =>
  error instanceof ConfigFault ? faultLines(say, 80, error) : [plain(sentenceOf(error, say))]

const explain = (error: unknown, say: Messages, verb: string, io: Io): void => {
  io.err(`loa: ${linesOf(error, say).join('\n')}\n`)
  const next = nextOf(error, say, verb)
  if (next !== undefined) io.err(`${next}\n`)
  if (io.env.LOA_TRACE === '1' && error instanceof Error) io.err(`${error.stack ?? ''}\n`)
}

const usesColour = ({ terminal, env }: Io): boolean =>
  terminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'

const callOf = (argv: readonly string[], io: Io, say: Messages, language: Language): Call => {
  const parsed = parse(argv, say)
  const { columns } = io.size()
  return {
    ...parsed,
    say,
    language,
    io,
    json: parsed.options.json === true,
    paint: createPaint(usesColour(io)),
    columns: io.terminal ? Math.min(120, Math.max(40, columns)) : 80,
  }
}

/** Does what the words of `argv` ask and says how it went; never throws for a fault of the user or of the device. */
export const runCommand = async (argv: readonly string[], io: Io): Promise<ExitCode> => {
  const asked = languageAsked(argv)
  const language = asked === 'vi' || asked === 'en' ? asked : languageOf(io.env)
  const say = await catalogue(language)
  const word = argv.find((text) => isVerb(text)) ?? ''
  try {
    if (asked !== undefined && asked !== language) throw new LoaError('USAGE', say.usage.badLanguage(asked))
    const call = callOf(argv, io, say, language)
    const verb = await VERB_MODULES[call.verb]()
    return await verb(call)
  } catch (error) {
    explain(error, say, word, io)
    return exitCodeOf(error)
  }
}
