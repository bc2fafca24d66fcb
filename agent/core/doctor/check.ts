import type { Code } from '../codes.ts'
import type { DoctorFacts } from './facts.ts'
import type { DoctorWords, Wrong } from './words.ts'

type Level = 'ok' | 'warn' | 'FAIL'

/** What a check has to say, in one language. */
export type Told = {
  readonly level: Level
  readonly code?: Code
  readonly what: string
  /** The next action; for everything but ok. */
  readonly next?: string
}

export const CHECK_GROUPS = ['device', 'board', 'trust', 'documents', 'network', 'media', 'sound'] as const
export type CheckGroup = (typeof CHECK_GROUPS)[number]

export type Finding = Told & { readonly group: CheckGroup; readonly check: string }

export type Check = {
  readonly group: CheckGroup
  readonly name: string
  /** Problems of the heartbeat that it speaks for. */
  readonly codes?: readonly Code[]
  /** Says nothing when what it needs is not known, or when another check tells the cause. */
  readonly run: (facts: DoctorFacts, say: DoctorWords) => readonly Told[]
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
