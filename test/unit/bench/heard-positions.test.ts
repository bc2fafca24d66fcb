import { expect, test } from 'vitest'
import { positionErrors } from '../../bench/parts/heard-positions.ts'
import { noise } from '../../fakes/playout-bench.ts'

const SECOND = 48_000
const SOURCE = noise(8)

const heardAs = (...parts: readonly Int16Array[]): Int16Array => {
  const heard = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    heard.set(part, at)
    at += part.length
  }
  return heard
}
const quieter = (samples: Int16Array): Int16Array => samples.map((sample) => Math.round(sample / 3))
/** Whose signs are those of no stretch of the source. */
const siren = Int16Array.from({ length: SECOND }, (_, frame) =>
  Math.round(20_000 * Math.sin(((frame + 1) * Math.PI) / 60.5)),
)

test('what goes on exactly where it was cut has no error, whatever its level', () => {
  const heard = heardAs(
    new Int16Array(SECOND),
    quieter(SOURCE.subarray(0, 2 * SECOND)),
    siren,
    quieter(SOURCE.subarray(2 * SECOND, 4 * SECOND)),
  )
  expect(positionErrors(heard, SOURCE).map((frames) => Math.abs(frames) < 8)).toEqual([true])
})

test('frames left out are above 0, frames heard twice below', () => {
  const heard = heardAs(
    SOURCE.subarray(0, 2 * SECOND),
    siren,
    SOURCE.subarray(2 * SECOND + 480, 4 * SECOND),
    siren,
    SOURCE.subarray(4 * SECOND - 960, 6 * SECOND),
  )
  const [leftOut = 0, twice = 0, ...more] = positionErrors(heard, SOURCE)
  expect(Math.abs(leftOut - 480)).toBeLessThan(8)
  expect(Math.abs(twice + 960)).toBeLessThan(8)
  expect(more).toEqual([])
})

test('a frame that the drift lock leaves out is no cut, a programme that never comes back no success', () => {
  const drifted = heardAs(SOURCE.subarray(0, SECOND), SOURCE.subarray(SECOND + 1, 3 * SECOND), siren)
  expect(positionErrors(drifted, SOURCE)).toEqual([])
})

test.each([20, -20])('what a fade of 2 ms begins %s frames off counts', (off) => {
  const cut = 2 * SECOND
  const fade = SOURCE.slice(cut + off, cut + off + 96).map((sample, frame) =>
    Math.round(sample * (1 - frame / 96)),
  )
  const heard = heardAs(SOURCE.subarray(0, cut), fade, siren, SOURCE.subarray(cut + off + 96, 4 * SECOND))
  const [error = 0, ...more] = positionErrors(heard, SOURCE)
  expect(Math.abs(error - off)).toBeLessThan(8)
  expect(more).toEqual([])
})
