import { LoaError } from '../core/error.ts'
import type { ExitCode, Io } from './io.ts'
import type { Language, Messages } from './messages/messages.ts'
import type { OptionName, VerbName } from './syntax.ts'
import type { Paint } from './text/style.ts'

/** One call of the command, taken apart. */
export type Call = {
  readonly verb: VerbName
  /** What follows the verb. */
  readonly words: readonly string[]
  readonly options: Readonly<Partial<Record<OptionName, string | boolean>>>
  readonly json: boolean
  readonly language: Language
  readonly say: Messages
  readonly io: Io
  readonly paint: Paint
  /** Columns to fill: those of the terminal, 80 elsewhere. */
  readonly columns: number
}

export type Verb = (call: Call) => Promise<ExitCode>

export const usage = (message: string): LoaError => new LoaError('USAGE', message)

export const print = ({ io }: Call, lines: readonly string[]): void =>
  io.out(lines.map((line) => `${line}\n`).join(''))
export const printJson = ({ io }: Call, value: unknown): void => io.out(`${JSON.stringify(value, null, 2)}\n`)
export const printJsonLine = ({ io }: Call, value: unknown): void => io.out(`${JSON.stringify(value)}\n`)

export const textOption = ({ options }: Call, name: OptionName): string | undefined => {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

/** @throws USAGE when it is not a number of the range */
export const numberOption = (
  call: Call,
  name: OptionName,
  range: { readonly min: number; readonly max: number; readonly whole?: boolean },
): number | undefined => {
  const text = textOption(call, name)
  if (text === undefined) return undefined
  const value = text.trim() === '' ? Number.NaN : Number(text)
  const inRange = value >= range.min && value <= range.max
  if (!inRange || (range.whole === true && !Number.isInteger(value))) {
    throw usage(call.say.usage.outOfRange(`--${name}`, text, range.min, range.max))
  }
  return value
}

/** @throws USAGE for words beyond `count` */
export const atMostWords = (call: Call, count: number): void => {
  const extra = call.words[count]
  if (extra !== undefined) throw usage(call.say.usage.tooMany(extra))
}
