import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Level, levelInPlace, listen, settled, UNHEARD } from '../../../agent/core/sound/leveller.ts'

const BLOCK = 2400
const CEILING = Math.ceil(32_768 * 10 ** (-1 / 20))

const sine = (amplitude: number, frames = BLOCK): Int16Array =>
  Int16Array.from({ length: frames }, (_, index) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * 480 * index) / 48_000)),
  )
const lufsOf = (samples: Int16Array): number =>
  -0.691 + 10 * Math.log10(samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length)
/** The last block of so many seconds of the same sine. */
const after = (
  seconds: number,
  amplitude: number,
  from: Level = UNHEARD,
): { level: Level; block: Int16Array } => {
  let level = from
  let block = sine(amplitude)
  for (let done = 0; done < seconds * 20; done += 1) {
    block = sine(amplitude)
    level = levelInPlace(level, block, 1)
  }
  return { level, block }
}

test('a source somewhat too quiet or too loud is at -16 LUFS within ten seconds', () => {
  for (const amplitude of [3000, 6000, 20_000]) expect(lufsOf(after(10, amplitude).block)).toBeCloseTo(-16, 0)
})

test('gain stays within 12 dB', () => {
  expect(20 * Math.log10(after(20, 400).level.gain)).toBeCloseTo(12, 1)
})

test('a pause changes nothing: what comes after it is as loud as before', () => {
  const { level } = after(10, 3000)
  const paused = after(10, 20, level).level
  expect(paused.gain).toBeCloseTo(level.gain, 2)
})

test('what was listened to before it sounds begins at the right loudness', () => {
  let level = UNHEARD
  for (let done = 0; done < 20; done += 1) level = listen(level, sine(3000), 1)
  level = settled(level)
  const block = sine(3000)
  levelInPlace(level, block, 1)
  expect(lufsOf(block)).toBeCloseTo(-16, 0)
})

test('two channels are as loud as their sum', () => {
  const mono = sine(5000)
  const stereo = Int16Array.from({ length: 2 * BLOCK }, (_, index) => mono[index >> 1] ?? 0)
  expect(10 * Math.log10(listen(UNHEARD, stereo, 2).energy / listen(UNHEARD, mono, 1).energy)).toBeCloseTo(
    3,
    1,
  )
})

test('nothing leaves it above -1 dBFS, whatever comes after whatever', () => {
  const block = fc.int16Array({ minLength: 480, maxLength: 480 })
  fc.assert(
    fc.property(
      fc.array(block, { minLength: 1, maxLength: 10 }),
      fc.constantFrom(1, 2),
      (blocks, channels) => {
        let level = after(5, 500).level
        for (const samples of blocks) {
          level = levelInPlace(level, samples, channels)
          if (samples.some((sample) => Math.abs(sample) > CEILING)) return false
        }
        return Number.isFinite(level.gain) && level.gain > 0
      },
    ),
    { numRuns: 40 },
  )
})
