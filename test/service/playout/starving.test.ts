import { describe, expect, it } from 'vitest'
import type { Segment } from '../../../agent/core/clip.ts'
import { CEILING } from '../../../agent/playout/limiter.ts'
import { GeneratedSource, type Source } from '../../../agent/playout/source.ts'
import { EngineBench } from '../../fakes/playout-engine.ts'

const TONE = (seconds: number): Segment => ({ kind: 'tone', hz: 1000, frames: 48_000 * seconds, gainDb: 0 })

/** A tone that for a while has nothing at hand. */
class PausingSource extends GeneratedSource {
  fromMs = Number.POSITIVE_INFINITY
  untilMs = Number.POSITIVE_INFINITY

  override read(out: Int16Array): number {
    const pauses = performance.now() > this.fromMs && performance.now() < this.untilMs
    return pauses ? 0 : super.read(out)
  }
}

describe('a source that has nothing at hand', () => {
  const play = async (pauseMs: number) => {
    await using bench = new EngineBench({
      openSource: (segment, from): Source => {
        if (segment.kind !== 'tone') throw new Error('this test has tones only')
        const source = new PausingSource(segment, from, 1)
        source.fromMs = performance.now() + 1000
        source.untilMs = source.fromMs + pauseMs
        return source
      },
    })
    await bench.engine.start(false)
    bench.schedule('halting', [TONE(3)])
    await bench.run(6000)
    return bench.of('ended')[0]
  }

  it('is waited for while the device is still full enough: nothing is heard of it', async () => {
    expect(await play(340)).toMatchObject({ end: 'finished', frames: 144_000, underruns: 0 })
  })

  it('is silence and one underrun when the device would run dry', async () => {
    expect(await play(900)).toMatchObject({ end: 'finished', frames: 144_000, underruns: 1 })
  })
})

describe('a piece that is far too loud', () => {
  it('stays below the ceiling and loses nothing of its length', async () => {
    await using bench = new EngineBench()
    await bench.engine.start(false)
    bench.schedule('loud', [TONE(1), { kind: 'silence', frames: 4800 }, TONE(1)], { gainDb: 20 })
    await bench.run(4000)
    expect(bench.of('ended')).toMatchObject([{ end: 'finished', frames: 100_800, underruns: 0 }])
    const loudest = bench.heard.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
    expect(loudest).toBeLessThanOrEqual(CEILING)
    expect(loudest).toBeGreaterThan(CEILING - 300)
    expect(bench.of('progress').at(-1)?.peakDb).toBeCloseTo(-1.5, 0)
  })
})
