import { describe, expect, it } from 'vitest'
import { FRAMES_PER_SECOND } from '../../../agent/core/clip.ts'
import type { BuiltInSound } from '../../../agent/core/documents.ts'
import { renderSound, renderTone, SOUND_FRAMES } from '../../../agent/core/sound/built-in.ts'

const SOUNDS = Object.keys(SOUND_FRAMES) as BuiltInSound[]
const whole = (sound: BuiltInSound, frames = SOUND_FRAMES[sound]): Int16Array => {
  const out = new Int16Array(frames)
  renderSound(sound, 0, frames, out)
  return out
}
const peakDb = (samples: Int16Array): number =>
  20 * Math.log10(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0) / 32_768)
const largestStep = (samples: Int16Array): number =>
  samples.reduce(
    (largest, sample, index) => Math.max(largest, Math.abs(sample - (samples[index - 1] ?? 0))),
    0,
  )

describe.each(SOUNDS)('the built-in sound %s', (sound) => {
  it('begins and ends in silence, without a click', () => {
    const samples = whole(sound)
    expect(Math.abs(samples[0] ?? Number.NaN)).toBeLessThan(10)
    expect(Math.abs(samples.at(-1) ?? Number.NaN)).toBeLessThan(10)
    expect(largestStep(samples)).toBeLessThan(10_000)
  })

  it('is the same whichever piece of it is asked for', () => {
    const samples = whole(sound)
    const piece = new Int16Array(1000)
    renderSound(sound, 12_345, SOUND_FRAMES[sound], piece)
    expect(piece).toEqual(samples.slice(12_345, 13_345))
  })

  it('never clips', () => {
    expect(peakDb(whole(sound))).toBeLessThan(-1)
  })
})

describe('sirens', () => {
  it.each(['siren-wail', 'siren-two-tone'] as const)(
    '%s peaks at -3 dBFS and lasts as long as it is asked to',
    (sound) => {
      const samples = whole(sound, 30 * FRAMES_PER_SECOND)
      expect(peakDb(samples)).toBeCloseTo(-3, 0)
      const second = (at: number) => samples.subarray(at * FRAMES_PER_SECOND, (at + 1) * FRAMES_PER_SECOND)
      for (let at = 0; at < 30; at += 1) expect(peakDb(second(at))).toBeGreaterThan(-6)
    },
  )
})

describe('a tone', () => {
  it('has the pitch asked for', () => {
    const out = new Int16Array(FRAMES_PER_SECOND)
    renderTone({ hz: 440 }, 0, FRAMES_PER_SECOND, out)
    const crossings = out.reduce(
      (count, sample, at) => count + (sample < 0 !== (out[at - 1] ?? 0) < 0 ? 1 : 0),
      0,
    )
    expect(crossings).toBeGreaterThan(876)
    expect(crossings).toBeLessThan(882)
  })

  it('glides evenly from one frequency to another, without a step where it is cut up', () => {
    const frames = 4 * FRAMES_PER_SECOND
    const out = new Int16Array(frames)
    for (let at = 0; at < frames; at += 7000)
      renderTone({ hz: 100, toHz: 1600 }, at, frames, out.subarray(at, at + 7000))
    const crossings = (second: number): number => {
      let count = 0
      for (let frame = second * FRAMES_PER_SECOND + 1; frame < (second + 1) * FRAMES_PER_SECOND; frame += 1)
        if ((out[frame - 1] ?? 0) < 0 && (out[frame] ?? 0) >= 0) count += 1
      return count
    }
    // An octave a second: the mean frequency of each is its lower end times 1 / ln 2.
    for (const [second, from] of [100, 200, 400, 800].entries())
      expect(Math.abs(crossings(second) - from / Math.LN2)).toBeLessThan(2)
  })
})
