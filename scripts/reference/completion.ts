import type { Messages } from '../../agent/cli/messages/messages.ts'
import {
  COMMON_OPTIONS,
  isVerb,
  OPTION_FORMS,
  OPTION_VALUES,
  OPTIONS,
  type OptionName,
  syntaxOf,
  VERBS,
  type VerbName,
} from '../../agent/cli/syntax.ts'

const verbs = Object.keys(VERBS).filter(isVerb)
const names = Object.keys(OPTIONS).filter((name): name is OptionName => Object.hasOwn(OPTIONS, name))

const valuesOf = (name: OptionName): readonly string[] =>
  Object.entries(OPTION_VALUES).find(([option]) => option === name)?.[1] ?? []
const takesFile = (name: OptionName): boolean => /[ |]FILE$/.test(OPTION_FORMS[name])
const takesValue = (name: OptionName): boolean => OPTIONS[name].type === 'string'

const optionsOf = (verb: VerbName): readonly OptionName[] => [...syntaxOf(verb).options, ...COMMON_OPTIONS]

/** What may stand behind the verb: words as they are, and whether a file. */
const operandsOf = (verb: VerbName): { readonly words: readonly string[]; readonly file: boolean } => {
  const operands = syntaxOf(verb).synopsis.map((line) => line.split(' ')[2] ?? '')
  const words = operands.filter((operand) => /^[a-z|]+$/.test(operand)).flatMap((each) => each.split('|'))
  const file = syntaxOf(verb).synopsis.some((line) =>
    /(^| )\[?([A-Z]+\|)?FILE/.test(line.replace(/\[--.*/, '')),
  )
  return { words: verb === 'help' ? verbs : [...new Set(words)], file }
}

const HEAD = '# Generated from agent/cli/syntax.ts by scripts/reference.ts.'

/** @see bash(1), Programmable Completion */
export const bashCompletion = (): string => {
  const valued = names.filter(takesValue).map((name) => `--${name}`)
  const ofVerb = verbs.map((verb) => {
    const { words, file } = operandsOf(verb)
    const options = optionsOf(verb).map((name) => `--${name}`)
    return `    ${verb}) options='${options.join(' ')}' words='${words.join(' ')}' files=${file ? 1 : ''} ;;`
  })
  const fixed = names
    .filter((name) => valuesOf(name).length > 0)
    .map(
      (name) =>
        `    --${name}) mapfile -t COMPREPLY < <(compgen -W '${valuesOf(name).join(' ')}' -- "$word"); return ;;`,
    )
  const files = names.filter(takesFile).map((name) => `--${name}`)
  return `${HEAD}
_loa() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  local verb='' operands=0 options='' words='' files='' index
  case $before in
${fixed.join('\n')}
    ${files.join(' | ')}) mapfile -t COMPREPLY < <(compgen -f -- "$word"); compopt -o filenames 2>/dev/null; return ;;
    ${valued.join(' | ')}) return ;;
  esac
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      ${valued.join(' | ')}) ((index++)) ;;
      -*) ;;
      *) if [[ -z $verb ]]; then verb=\${COMP_WORDS[index]}; else ((operands++)); fi ;;
    esac
  done
  case $verb in
    '') options='${COMMON_OPTIONS.map((name) => `--${name}`).join(' ')}' words='${verbs.join(' ')}' ;;
${ofVerb.join('\n')}
  esac
  if [[ $word == -* ]]; then words=$options files=''; elif ((operands)); then words=''; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  if [[ -n $files ]]; then
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _loa loa
`
}

const quoted = (words: string): string => `'${words.replaceAll("'", "'\\''")}'`
const described = (words: string): string =>
  words.replaceAll('\\', '\\\\').replaceAll('[', '\\[').replaceAll(']', '\\]').replaceAll(':', '\\:')

const zshOption = (say: Messages, name: OptionName): string => {
  const [value = ''] = OPTION_FORMS[name].split(' ').slice(1)
  const action = takesFile(name)
    ? '_files'
    : valuesOf(name).length > 0
      ? `(${valuesOf(name).join(' ')})`
      : ' '
  return quoted(
    `--${name}[${described(say.options[name])}]${takesValue(name) ? `:${described(value)}:${action}` : ''}`,
  )
}

const zshVerb = (say: Messages, verb: VerbName): string => {
  const { words, file } = operandsOf(verb)
  const operands = [
    ...(words.length > 0 ? [quoted(`1: :(${words.join(' ')})`)] : []),
    ...(file ? [quoted('*: :_files')] : []),
  ]
  const all = [...optionsOf(verb).map((name) => zshOption(say, name)), ...operands]
  return `    ${verb}) _arguments ${all.join(' \\\n      ')} ;;`
}

/** @see zshcompsys(1) */
export const zshCompletion = (say: Messages): string => `#compdef loa
${HEAD}
local -a verbs=(
${verbs.map((verb) => `  ${quoted(`${verb}:${say.verbs[verb].summary}`)}`).join('\n')}
)
if ((CURRENT == 2)); then
  _describe verb verbs
else
  local verb=$words[2]
  shift words
  ((CURRENT--))
  case $verb in
${verbs.map((verb) => zshVerb(say, verb)).join('\n')}
  esac
fi
`
