import type { ArbiterState, Effect, Input } from '../arbiter/state.ts'
import { LoaError } from '../error.ts'
import type { EpochMs } from '../time.ts'
import { type Decision, decisionOf } from './decision.ts'
import { slimInput, slimState } from './slim.ts'

/** The form of the lines, and with it that of state and inputs: another one cannot be replayed. */
export const JOURNAL_VERSION = 1

/** Begins a stretch of inputs: what the arbiter knew before the first of them. */
export type Beginning = {
  readonly v: typeof JOURNAL_VERSION
  readonly at: EpochMs
  /** Version of the software. */
  readonly agent: string
  readonly timezone: string
  /** The agent had just started. */
  readonly start: boolean
  readonly state: ArbiterState
}

/** An input, and what was decided on it; nothing when `does` is absent. */
export type Told = { readonly input: Input; readonly does?: readonly Decision[] }

export type JournalLine = Beginning | Told

/** How a line begins that begins a stretch: what lies before the first of them cannot be replayed. */
export const BEGINNING = '{"v":'

export const beginningLine = (beginning: Omit<Beginning, 'v'>): string =>
  JSON.stringify({ v: JOURNAL_VERSION, ...beginning, state: slimState(beginning.state) } satisfies Beginning)

export const toldLine = (input: Input, effects: readonly Effect[]): string =>
  JSON.stringify({
    input: slimInput(input),
    ...(effects.length === 0 ? {} : { does: effects.map(decisionOf) }),
  } satisfies Told)

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parsed = (text: string, line: number): Fields => {
  try {
    const value: unknown = JSON.parse(text)
    if (isFields(value)) return value
  } catch {
    // Told below.
  }
  throw new LoaError('INVALID', `line ${line} is not one of a file of inputs`)
}

/**
 * One line as it was written down.
 * @throws INVALID for what is none; UNSUPPORTED for a form that this release does not know
 */
export const readJournalLine = (text: string, line: number): JournalLine => {
  const found = parsed(text, line)
  if ('v' in found) {
    if (found['v'] !== JOURNAL_VERSION)
      throw new LoaError(
        'UNSUPPORTED',
        `line ${line}: the inputs have form ${String(found['v'])}, this release replays form ${JOURNAL_VERSION}: use the release that made them (${String(found['agent'])})`,
      )
    if (isFields(found['state']) && Array.isArray(found['state']['waiting'])) return found as Beginning
  }
  const { input } = found
  if (isFields(input) && typeof input['kind'] === 'string' && typeof input['at'] === 'number')
    return found as Told
  throw new LoaError('INVALID', `line ${line} is not one of a file of inputs`)
}
