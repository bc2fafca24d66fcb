import fc from 'fast-check'
import { LoaError } from '../../agent/core/error.ts'

/** Whether our code took an input or refused it. Whatever breaks a promise is thrown. */
export type Outcome = 'accepted' | 'refused'

export type Target = {
  readonly name: string
  readonly property: (count: (outcome: Outcome) => void) => fc.IProperty<unknown>
}

/** No input, however mean, may hold the agent longer: its watchdog waits thirty seconds, a loudspeaker does not. */
const LONGEST_MS = 5000

export const target = <Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => Outcome,
): Target => ({
  name,
  property: (count) =>
    fc.property(inputs, (input) => {
      const begun = performance.now()
      count(check(input))
      const took = performance.now() - begun
      if (took > LONGEST_MS) throw new Error(`took ${Math.round(took)} ms`)
    }) as fc.IProperty<unknown>,
})

/** What came of it, or undefined for a refusal with one of these codes; anything else that is thrown is a defect. */
export const taken = <Value>(codes: readonly string[], work: () => Value): Value | undefined => {
  try {
    return work()
  } catch (error) {
    if (error instanceof LoaError && codes.includes(error.code)) return undefined
    throw error
  }
}

export const must = (holds: boolean, promise: string): void => {
  if (!holds) throw new Error(`broken promise: ${promise}`)
}
