import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CEILING, Limiter, LOOK_AHEAD_FRAMES, writeLevels } from '../../../agent/playout/limiter.ts'

const HISTORY = 30_000

/** Lets a sound through in blocks of these sizes, the last one for the rest. */
const through = (limiter: Limiter, sound: Int16Array, gain: number, blocks: readonly number[] = []) => {
  const out = sound.slice()
  const sizes = [...blocks, sound.length]
  let at = 0
  for (const size of sizes) {
    const until = Math.min(sound.length, at + size)
    const coming = sound.subarray(until, until + LOOK_AHEAD_FRAMES)
    limiter.apply(out.subarray(at, until), at, new Float32Array(until - at).fill(gain), (levels) => {
      writeLevels(levels, coming, 1, new Float32Array(coming.length).fill(gain))
      return coming.length
    })
    at = until
  }
  return out
}
const sine = (frames: number, amplitude: number): Int16Array =>
  Int16Array.from({ length: frames }, (_, frame) => Math.round(amplitude * Math.sin(frame / 7)))
const loudest = (sound: Int16Array): number =>
  sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

const burst = fc.record({
  at: fc.integer({ min: 0, max: 5500 }),
  frames: fc.integer({ min: 1, max: 500 }),
  amplitude: fc.integer({ min: 0, max: 32_767 }),
})
const sounds = fc.array(burst, { maxLength: 8 }).map((bursts) => {
  const sound = sine(6000, 3000)
  for (const { at, frames, amplitude } of bursts) sound.set(sine(frames, amplitude), at)
  return sound
})
const gains = fc.double({ min: 0.1, max: 8, noNaN: true })
const blocks = fc.array(fc.integer({ min: 1, max: 960 }), { maxLength: 12 })

describe('the limiter', () => {
  it('lets no sample above the ceiling, whatever comes and however it is cut up', () => {
    fc.assert(
      fc.property(sounds, gains, blocks, (sound, gain, sizes) => {
        expect(loudest(through(new Limiter(1, HISTORY), sound, gain, sizes))).toBeLessThanOrEqual(CEILING)
      }),
    )
  })

  it('does the same in the short way, where that may be taken', () => {
    const quiet = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(quiet, fc.double({ min: 0, max: 1.2, noNaN: true }), (list, gain) => {
        const sound = Int16Array.from(list)
        const short = sound.slice()
        const peak = new Limiter(1, HISTORY).applyEvenly(short, 0, gain, () => 0)
        const long = sound.slice()
        const gains = new Float32Array(sound.length).fill(gain)
        const other = new Limiter(1, HISTORY).apply(long, 0, gains, () => 0)
        const tooLoud = loudest(sound) * Math.fround(gain) > CEILING
        expect([peak, short]).toEqual(tooLoud ? [undefined, sound] : [other, long])
      }),
    )
  })

  it('does not take the short way before what comes too loud, nor while it still turns down', () => {
    const limiter = new Limiter(1, HISTORY)
    expect(limiter.applyEvenly(sine(300, 1000), 0, 1, () => CEILING + 1)).toBeUndefined()
    limiter.apply(sine(300, 32_000), 0, new Float32Array(300).fill(2), () => 0)
    expect(limiter.applyEvenly(sine(300, 1000), 300, 1, () => 0)).toBeUndefined()
  })

  it('does the same however the sound is cut up, and after any of it was taken back', () => {
    fc.assert(
      fc.property(sounds, gains, blocks, fc.integer({ min: 0, max: 5999 }), (sound, gain, sizes, back) => {
        const whole = through(new Limiter(1, HISTORY), sound, gain)
        const limiter = new Limiter(1, HISTORY)
        expect(through(limiter, sound, gain, sizes)).toEqual(whole)
        const again = sound.slice(back)
        limiter.apply(again, back, new Float32Array(again.length).fill(gain), () => 0)
        expect(again).toEqual(whole.slice(back))
      }),
    )
  })

  it('only scales what stays below the ceiling', () => {
    const quiet = sine(6000, 3000)
    const out = through(new Limiter(1, HISTORY), quiet, 2)
    expect(out).toEqual(quiet.map((value) => value * 2))
  })

  it('begins to turn down no earlier than 5 ms before a peak, and gives the gain back within a second', () => {
    const sound = new Int16Array(60_000).fill(10_000)
    sound.fill(32_767, 4000, 4010)
    const out = through(new Limiter(1, HISTORY * 3), sound, 1)
    expect(out.subarray(0, 4000 - LOOK_AHEAD_FRAMES).every((value) => value === 10_000)).toBe(true)
    expect(out[4005]).toBe(CEILING)
    expect(out.subarray(52_000).every((value) => value === 10_000)).toBe(true)
    const steps = out.subarray(1, 3999).map((value, index) => Math.abs(value - (out[index] ?? 0)))
    expect(loudest(steps)).toBeLessThanOrEqual(10_000 / LOOK_AHEAD_FRAMES + 1)
  })

  it('turns both channels down alike', () => {
    const sound = Int16Array.from({ length: 2000 }, (_, index) => (index % 2 === 0 ? 32_767 : 8000))
    new Limiter(2, HISTORY).apply(sound, 0, new Float32Array(1000).fill(1), () => 0)
    expect(sound[1000]).toBe(CEILING)
    expect(sound[1001]).toBe(Math.round((8000 * CEILING) / 32_767))
  })
})
