import type { Messages } from '../../agent/cli/messages/messages.ts'
import {
  COMMON_OPTIONS,
  isVerb,
  OPTION_FORMS,
  type OptionName,
  syntaxOf,
  VERBS,
  type VerbName,
} from '../../agent/cli/syntax.ts'

const FILES = {
  config: '/etc/loa/agent.yaml',
  boards: '/usr/lib/loa-agent/board-configs/',
  state: '/var/lib/loa/',
  socket: '/run/loa/control.sock',
} as const

/** Text as roff takes it: nothing in it is a request, hyphens can be copied. */
const text = (words: string): string =>
  words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, '\\&$1')

const paragraphs = (words: string): readonly string[] =>
  words.split('\n').flatMap((line) => ['.PP', text(line)])

/** A term and what it means, indented. */
const item = (term: string, words: string): readonly string[] => ['.TP', `.B ${text(term)}`, text(words)]

const optionItems = (say: Messages, names: readonly OptionName[]): readonly string[] =>
  names.flatMap((name) => item(OPTION_FORMS[name], say.options[name]))

const lines = (each: readonly string[]): readonly string[] => [
  '.PP',
  '.nf',
  '.RS 4',
  ...each.map(text),
  '.RE',
  '.fi',
]

const aboutVerb = (say: Messages, verb: VerbName): readonly string[] => {
  const { synopsis, options, examples } = syntaxOf(verb)
  const words = say.verbs[verb]
  return [
    `.SS ${text(`loa ${verb} - ${words.summary}`)}`,
    ...lines(synopsis),
    ...paragraphs(words.details),
    ...optionItems(say, options),
    '.PP',
    text(say.help.examples),
    ...lines(examples.flatMap((command, index) => [`# ${words.examples[index] ?? ''}`, command])),
  ]
}

/** The manual page of `loa` in the language of `say`. @see man(7) */
export const manualPage = (say: Messages, version: string): string => {
  const { manual } = say
  const [, purpose = ''] = say.help.intro.split(' - ')
  return `${[
    '.\\" Generated from agent/cli by scripts/reference.ts.',
    `.TH LOA 1 "" "loa\\-agent ${version}"`,
    `.SH ${manual.name}`,
    `loa \\- ${text(purpose)}`,
    `.SH ${manual.synopsis}`,
    '.B loa',
    '.I VERB',
    '[...]',
    `.SH ${manual.description}`,
    text(manual.about),
    `.SH ${manual.verbs}`,
    ...Object.keys(VERBS)
      .filter(isVerb)
      .flatMap((verb) => aboutVerb(say, verb)),
    `.SH ${manual.options}`,
    ...optionItems(say, COMMON_OPTIONS),
    `.SH ${manual.exit}`,
    text(say.help.exit),
    `.SH ${manual.files}`,
    ...(['config', 'boards', 'state', 'socket'] as const).flatMap((name) =>
      item(FILES[name], manual.purpose[name]),
    ),
    `.SH ${manual.see}`,
    '.BR systemctl (1),',
    '.BR journalctl (1)',
  ].join('\n')}\n`
}
