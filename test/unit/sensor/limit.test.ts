import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Judged, judge, type Limit } from '../../../agent/core/sensor/limit.ts'

const HOT: Limit = { at: 80, back: 75, holdMs: 30_000, calmMs: 30_000 }
const LOW: Limit = { at: 11, back: 11.5, holdMs: 10_000, calmMs: 10_000 }
const STEP_MS = 10_000

/** Every state that a series of values, one each ten seconds, leads to. */
const states = (values: readonly (number | undefined)[], limit: Limit): readonly boolean[] => {
  let state: Judged = { bad: false }
  return values.map((value, index) => {
    state = judge(state, value, limit, index * STEP_MS)
    return state.bad
  })
}
const changes = (bads: readonly boolean[]): number =>
  bads.filter((bad, index) => bad !== (bads[index - 1] ?? false)).length

describe('a limit with hysteresis', () => {
  test('begins when a bad value has lasted, and ends when a good one has', () => {
    expect(states([79, 81, 81, 81, 81, 76, 74, 74, 74, 74], HOT)).toEqual([
      ...[false, false, false, false, true],
      ...[true, true, true, true, false],
    ])
  })

  test('works for what may not be too low, too', () => {
    expect(states([10.9, 10.9, 11.2, 11.6, 11.6], LOW)).toEqual([false, true, true, true, false])
  })

  test('a break starts the waiting anew, and a missing value is one', () => {
    expect(states([81, 81, 81, 79, 81, 81, 81, 81], HOT).indexOf(true)).toBe(7)
    expect(states([81, 81, 81, undefined, 81, 81, 81, 81], HOT).indexOf(true)).toBe(7)
  })

  test('without hold time the first value counts', () => {
    expect(states([1, 0], { at: 1, back: 0, holdMs: 0, calmMs: 0 })).toEqual([true, false])
  })

  test('what stays between the bounds, or is not known, never changes anything', () => {
    const between = fc.constantFrom(undefined, 75.1, 77, 79.9)
    fc.assert(
      fc.property(fc.array(between, { maxLength: 50 }), fc.boolean(), (values, bad) => {
        let state: Judged = { bad }
        values.forEach((value, index) => {
          state = judge(state, value, HOT, index * STEP_MS)
        })
        expect(state.bad).toBe(bad)
      }),
    )
  })

  test('whatever comes, two changes are as far apart as the hold time', () => {
    const any = fc.oneof(fc.double({ min: 0, max: 200, noNaN: true }), fc.constant(undefined))
    fc.assert(
      fc.property(fc.array(any, { maxLength: 200 }), (values) => {
        const bads = states(values, HOT)
        // 30 s are three steps: a change needs four values that agree.
        expect(changes(bads)).toBeLessThanOrEqual(Math.floor(values.length / 4))
      }),
    )
  })
})
