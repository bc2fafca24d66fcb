import type { Code } from '../codes.ts'
import type { Wrong } from './wrong.ts'

type Level = 'ok' | 'warn' | 'FAIL'

/** What a check has to say, in one language. */
export type Told = {
  readonly level: Level
  readonly code?: Code
  readonly what: string
  /** The next action; for everything but ok. */
  readonly next?: string
}

const coded = (code: Code | undefined) => (code === undefined ? {} : { code })

export const ok = (what: string): Told => ({ level: 'ok', what })
export const warn = ([what, next]: Wrong, code?: Code): Told => ({
  level: 'warn',
  ...coded(code),
  what,
  next,
})
export const fail = ([what, next]: Wrong, code?: Code): Told => ({
  level: 'FAIL',
  ...coded(code),
  what,
  next,
})
