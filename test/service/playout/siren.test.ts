import { describe, expect, it } from 'vitest'
import { alertSound } from '../../../agent/core/alert/clip.ts'
import { gainDbOf } from '../../../agent/core/policy/volume.ts'
import { GeneratedSource } from '../../../agent/playout/source.ts'
import { EngineBench } from '../../fakes/playout-engine.ts'

const heardAt = async (event: 'flood' | 'fire', volume: number): Promise<number> => {
  const siren = { onSeconds: 4, offSeconds: 1, cycles: 2 }
  const { segments } = alertSound(
    { event, severity: 'severe', siren },
    () => ({ state: 'missing' }),
    () => 0,
  )
  await using bench = new EngineBench()
  await bench.engine.start(false)
  bench.schedule('alert', segments, { takeover: true, gainDb: gainDbOf(volume) })
  await bench.run(10_000)
  expect(bench.of('ended')).toMatchObject([{ end: 'finished', frames: 9 * 48_000 }])
  const peak = bench.heard.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  return 20 * Math.log10(peak / 32_768)
}

describe.each(['flood', 'fire'] as const)('what leaves the device for the siren of %s', (event) => {
  it('peaks at -3 dBFS at volume 100', async () => {
    const peak = await heardAt(event, 100)
    console.log(`${event}: ${peak.toFixed(2)} dBFS`)
    expect(Math.abs(peak + 3)).toBeLessThan(0.2)
  })

  it('is as much lower at a lower volume as the volume says', async () => {
    expect(Math.abs((await heardAt(event, 70)) + 3 - gainDbOf(70))).toBeLessThan(0.2)
  })
})

it('what must sound at once is decoded from the moment of its order, not from when the relays have settled', async () => {
  const opened: string[] = []
  await using bench = new EngineBench({
    openSource: (segment, from) => {
      opened.push(segment.kind)
      return new GeneratedSource({ kind: 'silence', frames: segment.frames }, from, 1)
    },
  })
  await bench.engine.start(false)
  const words = { kind: 'media', sha256: 'ab', bytes: 1, format: 'mp3', frames: 48_000, gainDb: 0 } as const
  bench.schedule('alert', [words], { takeover: true })
  expect(opened).toEqual(['media'])
})
