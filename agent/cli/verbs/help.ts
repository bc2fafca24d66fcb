import { atMostWords, type Call, print, printJson, usage, type Verb } from '../call.ts'
import { COMMON_OPTIONS, isVerb, OPTION_FORMS, syntaxOf, VERBS, type VerbName } from '../syntax.ts'
import { padEnd, wrap } from '../text/width.ts'

const verbNames = Object.keys(VERBS).filter(isVerb)
const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`)

/** Two columns; the second is wrapped under itself. */
const definitions = (entries: readonly (readonly [string, string])[], columns: number): readonly string[] => {
  const left = Math.max(...entries.map(([name]) => name.length)) + 2
  return entries.flatMap(([name, words]) =>
    wrap(words, columns - left - 2).map((line, index) => `  ${padEnd(index === 0 ? name : '', left)}${line}`),
  )
}

const general = ({ say, columns }: Call): readonly string[] => [
  say.help.intro,
  '',
  say.help.usage,
  '  loa VERB [...]',
  '',
  say.help.verbs,
  ...definitions(
    verbNames.map((name) => [name, say.verbs[name].summary]),
    columns,
  ),
  '',
  say.help.options,
  ...definitions(
    COMMON_OPTIONS.map((name) => [OPTION_FORMS[name], say.options[name]]),
    columns,
  ),
  '',
  ...wrap(say.help.exit, columns),
  say.help.more,
]

const examplesOf = ({ say }: Call, verb: VerbName): readonly string[] =>
  syntaxOf(verb).examples.flatMap((command, index) => [`# ${say.verbs[verb].examples[index] ?? ''}`, command])

const onVerb = (call: Call, verb: VerbName): readonly string[] => {
  const { say, columns } = call
  const { synopsis, options } = syntaxOf(verb)
  return [
    `loa ${verb} - ${say.verbs[verb].summary}`,
    '',
    say.help.usage,
    ...indent(synopsis),
    '',
    ...say.verbs[verb].details.split('\n').flatMap((line) => wrap(line, columns)),
    '',
    say.help.options,
    ...definitions(
      [...options, ...COMMON_OPTIONS].map((name) => [OPTION_FORMS[name], say.options[name]]),
      columns,
    ),
    '',
    say.help.examples,
    ...indent(examplesOf(call, verb)),
  ]
}

const asData = (call: Call, verb: VerbName) => ({
  verb,
  summary: call.say.verbs[verb].summary,
  synopsis: syntaxOf(verb).synopsis,
  options: Object.fromEntries(syntaxOf(verb).options.map((name) => [name, call.say.options[name]])),
})

/** `loa help [VERB]`. */
export const help: Verb = (call) => {
  atMostWords(call, 1)
  const [word] = call.words
  if (word === undefined) {
    if (call.json)
      printJson(
        call,
        verbNames.map((name) => asData(call, name)),
      )
    else print(call, general(call))
    return Promise.resolve(0)
  }
  if (!isVerb(word)) {
    throw usage(call.say.usage.unknownVerb(word))
  }
  if (call.json) printJson(call, asData(call, word))
  else print(call, onVerb(call, word))
  return Promise.resolve(0)
}
