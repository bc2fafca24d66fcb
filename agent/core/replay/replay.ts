import type { ArbiterState, Input, Step } from '../arbiter/state.ts'
import { transition } from '../arbiter/transition.ts'
import { LoaError, messageOf } from '../error.ts'
import { type Decision, decisionOf } from './decision.ts'
import { BEGINNING, type Beginning, readJournalLine, type Told } from './journal.ts'

export type Replayed =
  | { readonly kind: 'beginning'; readonly beginning: Beginning }
  | {
      readonly kind: 'step'
      /** Counted from 1 over the whole file. */
      readonly step: number
      readonly input: Input
      readonly expected: readonly Decision[]
      readonly got: readonly Decision[]
      readonly same: boolean
    }

/** What decides; another one than ours in tests. */
export type Decide = (state: ArbiterState, input: Input) => Step

const membersOf = (value: object): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(value).filter(([, member]) => member !== undefined))

/** Whether two values say the same; a member that is undefined is none. */
const isSame = (a: unknown, b: unknown): boolean => {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const [left, right] = [membersOf(a), membersOf(b)]
  return left.size === right.size && [...left].every(([key, value]) => isSame(value, right.get(key)))
}

/** A line that was written by hand or by another release may hold what no decision can be made of. */
const decided = (decide: Decide, state: ArbiterState, { input }: Told, step: number): Step => {
  try {
    return decide(state, input)
  } catch (error) {
    throw new LoaError('INVALID', `step ${step} cannot be replayed: ${messageOf(error)}`)
  }
}

/**
 * Decides anew on everything that was written down, in its order, and says of each step whether the decisions are those
 * that were made. Inputs before the first beginning are passed over: nobody knows what the arbiter knew then.
 * @throws INVALID, UNSUPPORTED for lines that cannot be replayed
 */
export function* replay(lines: Iterable<string>, decide: Decide = transition): Generator<Replayed> {
  let state: ArbiterState | undefined
  let step = 0
  let number = 0
  for (const text of lines) {
    number += 1
    if (text === '' || (state === undefined && !text.startsWith(BEGINNING))) continue
    const line = readJournalLine(text, number)
    if ('state' in line) {
      state = line.state
      yield { kind: 'beginning', beginning: line }
      continue
    }
    if (state === undefined) continue
    step += 1
    const { input, does: expected = [] } = line
    const { state: next, effects } = decided(decide, state, line, step)
    state = next
    const got = effects.map(decisionOf)
    yield { kind: 'step', step, input, expected, got, same: isSame(expected, got) }
  }
}
