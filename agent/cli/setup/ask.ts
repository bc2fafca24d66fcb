import { existsSync } from 'node:fs'
import { textOf } from '../../adapters/identity/files.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import type { Call } from '../call.ts'
import { hiddenLine } from '../hidden-line.ts'
import { tell } from '../selftest/ask.ts'
import { plain, wrap } from '../text/width.ts'
import { brokenOff } from './plan.ts'

export type LineQuestion = {
  readonly question: string
  /** What Enter means; undefined: an answer is needed. */
  readonly usual?: string | undefined
  /** What is wrong with an answer; undefined: nothing. */
  readonly check?: (text: string) => string | undefined
  /** Does not appear on the terminal. */
  readonly hidden?: boolean
}

/** Somebody who types nonsense so often is none who reads. */
const MOST_TRIES = 100
const MAX_SHOWN = 60

const typed = async (call: Call, hidden = false): Promise<string> => {
  const { io } = call
  const line = await (hidden ? hiddenLine(io) : io.line(io.signal))
  if (line === undefined) throw brokenOff(call)
  return line.normalize('NFC').trim()
}

const prompt = (call: Call, question: string, usual: string | undefined): void => {
  const shown = usual === undefined || usual === '' ? '' : ` [${plain(usual.slice(0, MAX_SHOWN))}]`
  const lines = wrap(`${question}${shown}:`, call.columns - 1)
  tell(call, `${lines.join('\n')} `)
}

/** Asks until the answer is one. With --yes the usual answer is not asked for. @throws STOPPED at the end of input and by Ctrl-C */
export const askLine = async (
  call: Call,
  { question, usual, check, hidden }: LineQuestion,
): Promise<string> => {
  if (call.options.yes === true && usual !== undefined) return usual
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    prompt(call, question, usual)
    const text = (await typed(call, hidden)) || usual
    const fault = text === undefined ? call.say.setup.checks.needed : check?.(text)
    if (fault === undefined) return text ?? ''
    tell(call, `  ${wrap(plain(fault), call.columns - 2).join('\n  ')}\n`)
  }
  throw brokenOff(call)
}

export type Choice<T> = {
  readonly label: string
  readonly note?: string
  readonly value: T
  readonly name?: string
}

/** Asks for one of a numbered list; its name does too. `usual`: index of what Enter means. */
export const askChoice = async <T>(
  call: Call,
  question: string,
  choices: readonly Choice<T>[],
  usual: number | undefined,
): Promise<T> => {
  const [only] = choices
  if (only === undefined) throw brokenOff(call)
  const found = (text: string): Choice<T> | undefined =>
    choices[Number(text) - 1] ?? choices.find(({ name, label }) => text === (name ?? label))
  if (call.options.yes !== true || usual === undefined) {
    const rows = choices.flatMap(({ label, note }, index) => {
      const row = `${index + 1}. ${label}${note === undefined ? '' : ` (${note})`}`
      return wrap(plain(row), call.columns - 4).map((line, i) => `${i === 0 ? '  ' : '     '}${line}\n`)
    })
    tell(call, rows.join(''))
  }
  const text = await askLine(call, {
    question,
    ...(usual === undefined ? {} : { usual: String(usual + 1) }),
    check: (answer) =>
      found(answer) === undefined ? call.say.setup.checks.choose(choices.length) : undefined,
  })
  return (found(text) ?? only).value
}

const YES = { vi: ['c', 'co', 'có', 'y', 'yes'], en: ['y', 'yes'] } as const
const NO = { vi: ['k', 'khong', 'không', 'n', 'no'], en: ['n', 'no'] } as const

export const askYes = async (call: Call, question: string, usual: boolean): Promise<boolean> => {
  const { checks, yesNo, noYes } = call.say.setup
  const [yes, no]: readonly (readonly string[])[] = [YES[call.language], NO[call.language]]
  const meant = (text: string): boolean | undefined => {
    const word = text.toLowerCase()
    if (text === (usual ? yesNo : noYes)) return usual
    return yes?.includes(word) === true ? true : no?.includes(word) === true ? false : undefined
  }
  const text = await askLine(call, {
    question,
    usual: usual ? yesNo : noYes,
    check: (answer) => (meant(answer) === undefined ? checks.yesOrNo : undefined),
  })
  return meant(text) ?? usual
}

/** Text of a file that is named, or what is pasted: PEM up to its end, other lines up to an empty one. */
export const askText = async (call: Call, { question, usual, check }: LineQuestion): Promise<string> => {
  let text = ''
  const read = async (first: string): Promise<string | undefined> => {
    if (existsSync(first)) {
      try {
        text = textOf(first, 65_536) ?? ''
      } catch (error) {
        if (!(error instanceof LoaError)) throw error
        return call.say.setup.checks.file(first, messageOf(error))
      }
    } else if (/^[/.~]/.test(first)) {
      return call.say.setup.faults.missing(first)
    } else text = await pasted(call, first)
    return check?.(text)
  }
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const first = await askLine(call, { question, usual })
    if (usual !== undefined && first === usual) return usual
    const fault = await read(first)
    if (fault === undefined) return text
    tell(call, `  ${wrap(plain(fault), call.columns - 2).join('\n  ')}\n`)
  }
  throw brokenOff(call)
}

const MOST_LINES = 500

const pasted = async (call: Call, first: string): Promise<string> => {
  const lines = [first]
  const isPem = first.startsWith('-----BEGIN')
  while (lines.length < MOST_LINES) {
    const last = lines.at(-1) ?? ''
    if (isPem ? last.startsWith('-----END') : last === '') break
    lines.push(await typed(call))
  }
  return `${lines.join('\n').trimEnd()}\n`
}
