import { expect, it } from 'vitest'
import { clicks } from '../../fakes/clicks.ts'
import { inMs, PlayoutBench, wavOf } from '../../fakes/playout-bench.ts'
import { until } from '../../fakes/until.ts'
import { buildVirtualDac } from '../../rig/virtual-dac.ts'

const SECONDS = 8

it('keeps neighbours whose crystals are off by +104 and -50 ppm together', async () => {
  using dac = buildVirtualDac()
  const open = (device: string): PlayoutBench =>
    new PlayoutBench({ driver: 'alsa', device, rate: 48_000, channels: 1, bufferMs: 500 }, dac.env)
  await using fast = open('fast')
  await using slow = open('slow')
  const benches = [fast, slow]
  await Promise.all(benches.map((bench) => bench.up()))
  const at = inMs(3000)
  for (const bench of benches)
    bench.schedule('clicks', [bench.media(wavOf(clicks(SECONDS)), 'wav', SECONDS)], { at })
  const heard = (name: string): readonly number[] =>
    dac.events('on').flatMap((event) => (event.dac === name ? [1000 * event.t - at] : []))
  for (const bench of benches) await bench.report('ended', 'clicks')
  await until('every click is in the log', () =>
    ['fast', 'slow'].every((name) => heard(name).length === SECONDS),
  )
  const apart = heard('fast').map((ms, second) => Math.abs(ms - (heard('slow')[second] ?? Number.NaN)))
  // Left alone they would be 1.1 ms apart by the last click.
  expect(Math.max(...apart.slice(-3))).toBeLessThan(0.25)
  for (const bench of benches) {
    const [ended] = bench.of('ended', 'clicks')
    expect(ended).toMatchObject({ end: 'finished', frames: SECONDS * 48_000, underruns: 0 })
    expect(ended?.corrections).toBeGreaterThan(8)
  }
}, 30_000)
