import { type ParseArgsConfig, parseArgs } from 'node:util'
import { LoaError, messageOf } from '../../agent/core/error.ts'

export type OptionSpecs = NonNullable<ParseArgsConfig['options']>

/** The command line of one verb, read by name. Every reader throws LoaError USAGE with the option's name. */
export type Arguments = {
  readonly positionals: readonly string[]
  readonly has: (name: string) => boolean
  readonly text: (name: string) => string | undefined
  readonly required: (name: string) => string
  readonly list: (name: string) => readonly string[]
  readonly number: (name: string, range: { readonly min: number; readonly max: number }) => number | undefined
}

const usage = (message: string): LoaError => new LoaError('USAGE', message)

const parse = (args: readonly string[], options: OptionSpecs) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw usage(messageOf(error))
  }
}

export const readArguments = (args: readonly string[], options: OptionSpecs): Arguments => {
  const { positionals, values } = parse(args, options)
  const named = new Map(Object.entries(values))
  const list = (name: string): readonly string[] => {
    const value = named.get(name)
    return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string')
  }
  const text = (name: string): string | undefined => list(name).at(-1)
  return {
    positionals,
    has: (name) => named.get(name) === true,
    text,
    required: (name) => {
      const value = text(name)
      if (value === undefined) throw usage(`--${name} is needed`)
      return value
    },
    list,
    number: (name, { min, max }) => {
      const value = text(name)
      if (value === undefined) return undefined
      const number = Number(value)
      if (value.trim() === '' || !(number >= min && number <= max)) {
        throw usage(`--${name} must be a number from ${min} to ${max}, not ${JSON.stringify(value)}`)
      }
      return number
    },
  }
}

/** The one file argument of a verb; `-` is standard input. */
export const onlyPositional = (args: Arguments, what: string): string => {
  const [first, ...more] = args.positionals
  if (first === undefined || more.length > 0) throw usage(`give one ${what}`)
  return first
}
