import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  afterEnding,
  afterForeignBirth,
  type Ending,
  type Takeover,
  UNCONTESTED,
  untilContestedTry,
  whileHeld,
} from '../../agent/core/takeover.ts'

const MINUTE = 60_000
const ended = (...endings: readonly (readonly [Ending, number])[]): Takeover =>
  endings.reduce<Takeover>((state, [ending, heldMs]) => afterEnding(state, ending, heldMs), UNCONTESTED)

describe('T06 another client with the id of this device', () => {
  test('is known at once by the reason code of MQTT 5, however long the connection lasted', () => {
    expect(ended(['taken', 3 * 86_400_000]).sign).toBe('reason-code')
  })

  test('is inferred without one from three connections in a row that the broker closed within a minute', () => {
    expect(ended(['closed', 5000], ['closed', 5000]).sign).toBeUndefined()
    expect(ended(['closed', 5000], ['closed', 5000], ['closed', 5000]).sign).toBe('short-connections')
  })

  test.each([
    [
      'one of them lasted',
      [
        ['closed', 5000],
        ['closed', 2 * MINUTE],
        ['closed', 5000],
        ['closed', 5000],
      ],
    ],
    [
      'one of them broke otherwise',
      [
        ['closed', 5000],
        ['lost', 5000],
        ['closed', 5000],
        ['closed', 5000],
      ],
    ],
  ] as const)('is not inferred when %s', (_when, endings) => {
    expect(ended(...endings).sign).toBeUndefined()
  })

  test('is known by its birth on our topic', () => {
    expect(afterForeignBirth(UNCONTESTED).sign).toBe('foreign-birth')
  })

  test('counts as gone when a connection has lasted five minutes, not before', () => {
    const taken = ended(['taken', 0])
    expect(whileHeld(taken, 5 * MINUTE).sign).toBe('reason-code')
    expect(whileHeld(taken, 5 * MINUTE + 1)).toEqual(UNCONTESTED)
    expect(afterEnding(taken, 'lost', 6 * MINUTE)).toEqual(UNCONTESTED)
  })

  test('makes the way back slower, and never puts it off by more than the 60 s of the contract', () => {
    const waits = (random: number) =>
      [1, 2, 3, 4, 50].map((times) => untilContestedTry({ ...UNCONTESTED, times }, () => random))
    expect(waits(0)).toEqual([15_000, 30_000, 60_000, 60_000, 60_000])
    expect(waits(0.999_999).map(Math.round)).toEqual([12_000, 24_000, 48_000, 48_000, 48_000])
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (times, random) => {
          const wait = untilContestedTry({ ...UNCONTESTED, times }, () => random)
          expect(wait).toBeGreaterThanOrEqual(12_000)
          expect(wait).toBeLessThanOrEqual(60_000)
        },
      ),
    )
  })
})
