import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { untilNextTry } from '../../agent/core/reconnect.ts'

const DEVICES = Array.from({ length: 1000 }, (_, index) => `d-${(index * 7919 + 104_729).toString(36)}`)
const SECOND = 1000
const BINS = 16

/** When a device is connected again that lost a broker at 0 which is back at `back`. */
const reconnectsAt = (device: string, back: number): number => {
  let at = 0
  while (at < back || at === 0) at += untilNextTry(device, at)
  return at
}

/** Peak over average rate, from the return of the broker until the last device is back. */
const peakOverAverage = (times: readonly number[], from: number): number => {
  const span = Math.max(...times) - from
  const counts = new Array<number>(BINS).fill(0)
  for (const time of times) {
    const bin = Math.min(BINS - 1, Math.floor(((time - from) / span) * BINS))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return Math.max(...counts) / (times.length / BINS)
}

describe('T18 the way back to a lost broker', () => {
  // The threat is a reconnect storm: whenever the broker returns, no moment may see a multiple of the others.
  test.each([0, 0.2, 1, 3, 5, 8, 10, 15, 20, 24, 30, 40, 50, 56, 60, 75, 90, 104, 130, 300, 3600, 86_400])(
    'of 1,000 devices after an outage of %d s has a peak rate of at most twice the average',
    (seconds) => {
      const from = seconds * SECOND
      const times = DEVICES.map((device) => reconnectsAt(device, from))
      expect(peakOverAverage(times, from)).toBeLessThanOrEqual(2)
    },
  )

  test('keeps the peak in one second at most twice the average too, once the outage is longer than a minute', () => {
    for (const from of [61, 100, 1000, 5000].map((seconds) => seconds * SECOND)) {
      const times = DEVICES.map((device) => reconnectsAt(device, from) - from)
      const seconds = Math.ceil(Math.max(...times) / SECOND)
      const counts = Array.from(
        { length: seconds },
        (_, second) => times.filter((time) => Math.floor(time / SECOND) === second).length,
      )
      expect(Math.max(...counts)).toBeLessThanOrEqual((2 * DEVICES.length) / seconds)
    }
  })

  test('is never put off by more than 32 s, nor to this very moment', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0, max: 1e10, noNaN: true }), (device, since) => {
        const wait = untilNextTry(device, since)
        expect(wait).toBeGreaterThan(0)
        expect(wait).toBeLessThanOrEqual(32_001)
      }),
    )
  })

  test('begins within 8 s and takes no more than two tries in the first eight', () => {
    for (const device of DEVICES) {
      const first = untilNextTry(device, 0)
      expect(first).toBeLessThanOrEqual(16_000)
      expect(first + untilNextTry(device, first)).toBeGreaterThan(8000)
    }
  })

  test('is the same for a device each time, and another for its neighbour', () => {
    expect(untilNextTry('d-1', 500)).toBe(untilNextTry('d-1', 500))
    expect(untilNextTry('d-1', 500)).not.toBe(untilNextTry('d-2', 500))
  })
})
