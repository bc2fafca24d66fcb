import { describe, expect, it } from 'vitest'
import type { Segment } from '../../../agent/core/clip.ts'
import { EngineBench } from '../../fakes/playout-engine.ts'

const TONE = (seconds: number): Segment => ({ kind: 'tone', hz: 1000, frames: 48_000 * seconds, gainDb: 0 })

describe('a sound device that stands still and says nothing', () => {
  it('is found out within 1.1 s, opened anew, and the piece goes on where it stood', async () => {
    await using bench = new EngineBench()
    await bench.engine.start(false)
    bench.schedule('news', [TONE(6)])
    await bench.run(2000)
    for (const output of bench.outputs) output.frozen = true
    const before = bench.heard.length
    await bench.run(1100)
    expect(bench.of('device').at(-1)).toMatchObject({
      ok: false,
      message: expect.stringContaining('stands still'),
    })
    expect(bench.outputs[0]?.disposed).toBe(true)
    await bench.run(300)
    expect(bench.outputs).toHaveLength(2)
    expect(bench.heard.length).toBeGreaterThan(before)
    await bench.run(6000)
    expect(bench.of('device').map(({ ok }) => ok)).toEqual([true, false, true])
    expect(bench.of('ended')).toMatchObject([{ end: 'finished', frames: 288_000 }])
    // Nothing of the tone is lost and nothing is heard twice; two samples of each period are 0.
    const sounding = bench.heard.filter((sample) => sample !== 0).length
    expect(Math.abs(sounding - (288_000 * 46) / 48)).toBeLessThan(500)
  })

  it('fails the piece when it stays so, and is not told of again and again', async () => {
    await using bench = new EngineBench()
    await bench.engine.start(false)
    bench.schedule('news', [TONE(60)])
    await bench.run(2000)
    for (let turn = 0; turn < 1600; turn += 1) {
      for (const output of bench.outputs) output.frozen = true
      await bench.run(10)
    }
    const [ended] = bench.of('ended')
    expect(ended).toMatchObject({ end: 'failed', code: 'AUDIO_DEVICE' })
    expect(ended?.frame).toBe(ended?.frames)
    expect(bench.of('device').map(({ ok }) => ok)).toEqual([true, false])
  })
})
