import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DriftLock } from '../../../agent/playout/drift-lock.ts'

const BLOCK = 960

/** Plays through a crystal that is off by `ppm`; answers how late the piece is in ms at each block. */
const play = (
  ppm: number,
  seconds: number,
  jitterMs: (block: number) => number = () => 0,
  stepMs: (block: number) => number = () => 0,
) => {
  let block = 0
  const trueMs = (frame: number): number => frame / (48 * (1 + ppm / 1e6))
  const lock = new DriftLock((frame) => trueMs(frame) + jitterMs(block) + stepMs(block))
  lock.begin(0)
  const late: number[] = []
  let given = 0
  let at = 0
  let last = Number.NEGATIVE_INFINITY
  let nearest = Number.POSITIVE_INFINITY
  for (; block < seconds * 50; block += 1) {
    const correction = lock.look(at, given)
    if (correction !== 0) {
      lock.made(at, correction)
      nearest = Math.min(nearest, at - last)
      last = at
    }
    given += BLOCK - correction
    at += BLOCK
    late.push(trueMs(at) - given / 48)
  }
  return { late, nearest, corrections: lock.corrections }
}
const worst = (values: readonly number[]): number => Math.max(...values.map(Math.abs))

describe('the drift lock', () => {
  it('holds a piece within a tenth of a millisecond through any crystal', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200, max: 200 }), (ppm) => {
        const { late, nearest, corrections } = play(ppm, 30)
        expect(worst(late)).toBeLessThan(0.1)
        expect(nearest).toBeGreaterThanOrEqual(480)
        expect(Math.abs(corrections - Math.abs(ppm) * 1.44)).toBeLessThan(4)
      }),
    )
  })

  it('leaves a piece alone when nothing but the measurement jitters', () => {
    const { corrections } = play(0, 60, (block) => 0.03 * Math.sin(block * 2.1))
    expect(corrections).toBe(0)
  })

  it('makes up for a small step and gives in to a large one at once', () => {
    const small = play(0, 30, undefined, (block) => (block > 100 ? 5 : 0))
    expect(small.corrections).toBeGreaterThan(230)
    expect(small.late.at(-1)).toBeCloseTo(-5, 1)
    for (const stepMs of [25, 600, -3_600_000]) {
      const large = play(0, 30, undefined, (block) => (block > 100 ? stepMs : 0))
      expect(large.corrections).toBe(0)
      expect(worst(large.late)).toBeLessThan(0.001)
    }
  })

  it('does not chase a start that came late', () => {
    const lock = new DriftLock((frame) => frame / 48)
    lock.begin(-48_000)
    expect([0, 960, 1920].map((at) => lock.look(at, at))).toEqual([0, 0, 0])
  })
})
