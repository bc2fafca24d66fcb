import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  JUDGED_OF,
  LEARNED_OF,
  LEAST_LEVEL_DB,
  type LineLoad,
  lineState,
  newLine,
  shareOf,
  withSample,
} from '../../../agent/core/line/load.ts'

const BOUNDS = { openBelow: 0.4, shortAbove: 2.5 }
type Sample = { readonly levelDb: number; readonly noise: number }

/** What a line of `amperes` at full scale takes for each sample, give or take the noise. */
const sounding = (line: LineLoad, amperes: number, samples: readonly Sample[]): LineLoad =>
  samples.reduce(
    (now, { levelDb, noise }) => withSample(now, amperes * 10 ** (levelDb / 20) * noise, levelDb, BOUNDS),
    line,
  )
const steady = (count: number, levelDb = -12): readonly Sample[] =>
  Array.from({ length: count }, () => ({ levelDb, noise: 1 }))
const speech = fc.array(
  fc.record({
    levelDb: fc.double({ min: LEAST_LEVEL_DB, max: -1, noNaN: true }),
    noise: fc.double({ min: 0.75, max: 1.3, noNaN: true }),
  }),
  { minLength: LEARNED_OF, maxLength: LEARNED_OF },
)
const known = (amperes = 0.5): LineLoad => newLine(amperes, 'ok')

describe('the load of a line', () => {
  test('is learned from speech of any level, through noise', () => {
    fc.assert(
      fc.property(speech, fc.double({ min: 0.01, max: 10, noNaN: true }), (samples, amperes) => {
        const line = sounding(newLine(undefined, 'learning'), amperes, samples)
        expect(lineState(line)).toBe('ok')
        expect((line.learned ?? 0) / amperes).toBeGreaterThan(0.74)
        expect((line.learned ?? 0) / amperes).toBeLessThan(1.31)
      }),
    )
  })

  test('is not learned of a sensor that says nothing but noise', () => {
    const noise = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: LEARNED_OF,
      maxLength: 3 * LEARNED_OF,
    })
    fc.assert(
      fc.property(noise, (currents) => {
        const both = currents.flatMap((current) => [current, -current])
        const line = both.reduce(
          (now, current) => withSample(now, current, -6, BOUNDS),
          newLine(undefined, 'learning'),
        )
        expect(lineState(line)).toBe('learning')
        expect(line.loads.length).toBeLessThan(LEARNED_OF)
      }),
    )
  })

  test('is not asked of what is too quiet', () => {
    const line = withSample(known(), 0, LEAST_LEVEL_DB - 0.1, BOUNDS)
    expect(line).toEqual(known())
  })
})

describe('a line whose load is known', () => {
  test('stays well through speech, whatever its level', () => {
    fc.assert(
      fc.property(speech, speech, (one, other) => {
        let line = known()
        for (const sample of [...one, ...other]) {
          line = sounding(line, 0.5, [sample])
          expect(lineState(line)).toBe('ok')
        }
      }),
    )
  })

  test.each([
    ['open', 0.02],
    ['open', 0.15],
    ['short', 1.5],
    ['short', 20],
  ] as const)(
    'is found %s at %d A instead of 0.5 within half a minute of sound, and well again',
    (state, amperes) => {
      const samples = steady(LEARNED_OF)
      const bad = sounding(known(), amperes, samples)
      expect(lineState(bad)).toBe(state)
      expect(shareOf(bad)).toBeCloseTo(amperes / 0.5)
      expect(lineState(sounding(bad, 0.5, samples))).toBe('ok')
    },
  )

  test('is not suspected for less than fifteen seconds of sound', () => {
    const before = sounding(known(), 0.5, steady(JUDGED_OF))
    expect(lineState(sounding(before, 0.01, steady(JUDGED_OF / 2)))).toBe('ok')
  })

  test('with one horn of four less is still well: that is not what can be told from here', () => {
    expect(lineState(sounding(known(), 0.375, steady(LEARNED_OF)))).toBe('ok')
  })

  test('changes at most once when its load lies at the bound', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.96, max: 1.04, noNaN: true }), { minLength: 200, maxLength: 200 }),
        (noises) => {
          let line = known()
          let changes = 0
          for (const noise of noises) {
            const next = withSample(line, 0.2 * noise * 10 ** (-6 / 20), -6, BOUNDS)
            if (lineState(next) !== lineState(line)) changes += 1
            line = next
          }
          expect(changes).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('remembers over a restart what was told of it', () => {
    expect(lineState(newLine(0.5, 'open'))).toBe('open')
    expect(lineState(newLine(0.5, 'short'))).toBe('short')
    expect(lineState(newLine(undefined, 'ok'))).toBe('learning')
  })
})
