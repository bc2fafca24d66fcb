import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dropFrame, insertFrame, quietestPlace, SPLICE_FRAMES } from '../../../agent/playout/splice.ts'

const FRAMES = 960
const sine = (channels: number, hz = 440): Int16Array =>
  Int16Array.from({ length: (FRAMES + 1) * channels }, (_, index) =>
    Math.round(12_000 * Math.sin((2 * Math.PI * hz * Math.floor(index / channels)) / 48_000)),
  )
const steepest = (samples: Int16Array, channels: number, frames: number): number => {
  let most = 0
  for (let index = channels; index < frames * channels; index += 1)
    most = Math.max(most, Math.abs((samples[index] ?? 0) - (samples[index - channels] ?? 0)))
  return most
}
const placed = fc.integer({ min: 0, max: FRAMES - SPLICE_FRAMES - 1 })
const channelsOf = fc.constantFrom(1, 2)

describe('a splice', () => {
  it('leaves one frame out and touches nothing else, wherever it is', () => {
    fc.assert(
      fc.property(placed, channelsOf, (place, channels) => {
        const before = sine(channels)
        const after = before.slice()
        dropFrame(after, channels, FRAMES, place)
        const next = (place + SPLICE_FRAMES) * channels
        expect(after.subarray(0, place * channels)).toEqual(before.subarray(0, place * channels))
        expect(after.subarray(next - channels, (FRAMES - 1) * channels)).toEqual(
          before.subarray(next, FRAMES * channels),
        )
      }),
    )
  })

  it('puts one frame in and touches nothing else, wherever it is', () => {
    fc.assert(
      fc.property(placed, channelsOf, (place, channels) => {
        const before = sine(channels)
        const after = before.slice()
        insertFrame(after, channels, FRAMES, place)
        const next = (place + SPLICE_FRAMES) * channels
        expect(after.subarray(0, place * channels)).toEqual(before.subarray(0, place * channels))
        expect(after.subarray(next + channels)).toEqual(before.subarray(next, FRAMES * channels))
      }),
    )
  })

  it('is no click: nothing in it is much steeper than the sound itself', () => {
    fc.assert(
      fc.property(placed, channelsOf, fc.integer({ min: 100, max: 2000 }), (place, channels, hz) => {
        const before = sine(channels, hz)
        const limit = 1.03 * steepest(before, channels, FRAMES) + 2
        const dropped = before.slice()
        dropFrame(dropped, channels, FRAMES, place)
        expect(steepest(dropped, channels, FRAMES - 1)).toBeLessThan(limit)
        const inserted = before.slice()
        insertFrame(inserted, channels, FRAMES, place)
        expect(steepest(inserted, channels, FRAMES + 1)).toBeLessThan(limit)
      }),
    )
  })

  it('is made where the sound rests', () => {
    const speech = sine(1, 1000)
    speech.fill(0, 500, 620)
    const place = quietestPlace(speech, 1, FRAMES)
    expect(place).toBeGreaterThanOrEqual(500)
    expect(place + SPLICE_FRAMES).toBeLessThanOrEqual(620)
  })
})
