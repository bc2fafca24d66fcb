import { describe, expect, it } from 'vitest'
import { createHornFilter } from '../../../agent/playout/horn-filter.ts'

const FRAMES = 48_000

/** What the filter makes of a tone, in dB, with the headroom made up for. */
const gainDb = (config: Parameters<typeof createHornFilter>[0], hz: number, channels = 1): number => {
  const tone = Int16Array.from({ length: FRAMES * channels }, (_, index) =>
    Math.round(10_000 * Math.sin((2 * Math.PI * hz * Math.floor(index / channels)) / 48_000)),
  )
  const power = (samples: Int16Array): number =>
    samples.subarray(tone.length / 2).reduce((sum, value) => sum + value * value, 0)
  const before = power(tone)
  const filter = createHornFilter(config, channels)
  if (filter === undefined) return 0
  // In uneven pieces, as the sources give it.
  for (let at = 0; at < tone.length; at += 770) filter.apply(tone.subarray(at, at + 770))
  return 10 * Math.log10(power(tone) / before) + filter.headroomDb
}

describe('the filter for horns', () => {
  it('is not there unless the board asks for it', () => {
    expect(createHornFilter({}, 1)).toBeUndefined()
    expect(createHornFilter({ presenceDb: 0 }, 1)).toBeUndefined()
  })

  it('takes out the bass and leaves the voice', () => {
    expect(gainDb({ highPassHz: 300 }, 300)).toBeCloseTo(-3, 1)
    expect(gainDb({ highPassHz: 300 }, 75)).toBeCloseTo(-24.1, 0)
    expect(gainDb({ highPassHz: 300 }, 2000)).toBeCloseTo(0, 1)
  })

  it('raises or lowers the presence and nothing far from it', () => {
    expect(gainDb({ presenceDb: 6 }, 3000)).toBeCloseTo(6, 1)
    expect(gainDb({ presenceDb: 6 }, 200)).toBeCloseTo(0, 1)
    expect(gainDb({ presenceDb: -4 }, 3000, 2)).toBeCloseTo(-4, 1)
  })

  it('keeps a full-scale tone it raises whole', () => {
    const filter = createHornFilter({ presenceDb: 9 }, 1)
    const tone = Int16Array.from({ length: FRAMES }, (_, frame) =>
      Math.round(32_767 * Math.sin((2 * Math.PI * frame) / 16)),
    )
    filter?.apply(tone)
    const settled = tone.subarray(FRAMES / 2)
    const flat = settled.filter((value) => Math.abs(value) === 32_767)
    expect(flat.length).toBeLessThan(settled.length / 8 + 2)
    expect(Math.max(...settled)).toBeGreaterThan(31_000)
  })
})
