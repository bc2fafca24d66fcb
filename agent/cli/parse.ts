import { parseArgs } from 'node:util'
import { usage } from './call.ts'
import type { Environment } from './io.ts'
import type { Language, Messages } from './messages/messages.ts'
import { COMMON_OPTIONS, isVerb, OPTIONS, type OptionName, syntaxOf, type VerbName } from './syntax.ts'

export type Parsed = {
  readonly verb: VerbName
  readonly words: readonly string[]
  readonly options: Readonly<Partial<Record<OptionName, string | boolean>>>
}

type Token = {
  readonly kind: string
  readonly name?: string
  readonly rawName?: string
  readonly value?: string | undefined
}

const isOption = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name)

const checkOption = (say: Messages, token: Token): void => {
  const name = token.name ?? ''
  const shown = token.rawName ?? `--${name}`
  if (!isOption(name)) throw usage(say.usage.unknownOption(shown))
  const wantsValue = OPTIONS[name].type === 'string'
  if (wantsValue && token.value === undefined) throw usage(say.usage.valueMissing(shown))
  if (!wantsValue && token.value !== undefined) throw usage(say.usage.valueUnwanted(shown))
}

const tokensOf = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: false, tokens: true })

const verbOf = (say: Messages, word: string | undefined, wantsHelp: boolean): VerbName => {
  if (word === undefined) {
    if (wantsHelp) return 'help'
    throw usage(say.usage.noVerb)
  }
  if (isVerb(word)) return word
  throw usage(say.usage.unknownVerb(word))
}

/** Takes the words of a call apart. @throws USAGE with what to do instead */
export const parse = (argv: readonly string[], say: Messages): Parsed => {
  const { positionals, values, tokens } = tokensOf(argv)
  for (const token of tokens) if (token.kind === 'option') checkOption(say, token)
  const [word, ...words] = positionals
  const verb = verbOf(say, word, values.help === true)
  if (values.help === true) return { verb: 'help', words: verb === 'help' ? words : [verb], options: {} }
  const allowed: readonly OptionName[] = [...COMMON_OPTIONS, ...syntaxOf(verb).options]
  const options: Partial<Record<OptionName, string | boolean>> = {}
  for (const [name, value] of Object.entries(values)) {
    if (!isOption(name) || !allowed.includes(name)) throw usage(say.usage.optionNotHere(`--${name}`, verb))
    // Given several times it counts as one list.
    if (value !== undefined) options[name] = Array.isArray(value) ? value.join(',') : value
  }
  return { verb, words, options }
}

/** The value of --lang as it is written, before anything else is judged: faults are told in that language. */
export const languageAsked = (argv: readonly string[]): string | undefined => {
  const { lang } = tokensOf(argv).values
  return typeof lang === 'string' ? lang : undefined
}

/** The language of a locale such as `vi_VN.UTF-8`, by the order of POSIX. */
export const languageOf = (env: Environment): Language => {
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((value) => value !== undefined && value !== '')
  return /^vi(?:[_.@-]|$)/i.test(locale ?? '') ? 'vi' : 'en'
}
