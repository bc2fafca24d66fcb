import { FRAMES_PER_SECOND } from '../../agent/core/clip.ts'
import { epochMs } from '../../agent/core/time.ts'
import { clicks } from '../fakes/clicks.ts'
import { PlayoutBench, wavOf } from '../fakes/playout-bench.ts'
import { until } from '../fakes/until.ts'
import { buildVirtualDac } from '../rig/virtual-dac.ts'

/**
 * Prints how far two devices whose crystals are off by +104 and -50 ppm are from each other and from the wall clock while
 * both play the same click a second. Usage: node test/bench/drift.ts [SECONDS]
 */
const SECONDS = Number(process.argv[2] ?? 60)

const show = (label: string, values: readonly number[]): void => {
  const sorted = values.map(Math.abs).toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(3)
  console.log(`${label}: median ${at(0.5)} ms, largest ${at(1)} ms, last ${values.at(-1)?.toFixed(3)} ms`)
}

using dac = buildVirtualDac()
const open = (device: string): PlayoutBench =>
  new PlayoutBench({ driver: 'alsa', device, rate: FRAMES_PER_SECOND, channels: 1, bufferMs: 500 }, dac.env)
await using fast = open('fast')
await using slow = open('slow')
const benches = [fast, slow]
await Promise.all(benches.map((bench) => bench.up()))
const at = epochMs(Math.ceil(Date.now() / 1000) * 1000 + 4000)
for (const bench of benches)
  bench.schedule('clicks', [bench.media(wavOf(clicks(SECONDS)), 'wav', SECONDS)], { at })
await until(
  'both have played',
  () => benches.every((bench) => bench.of('ended', 'clicks').length > 0),
  1000 * SECONDS + 30_000,
)
const heard = (name: string): readonly number[] =>
  dac.events('on').flatMap((event) => (event.dac === name ? [1000 * event.t - at] : []))
const errors = (name: string): readonly number[] => heard(name).map((ms, second) => ms - 1000 * second)
const [of, against] = [errors('fast'), errors('slow')]
console.log(`${SECONDS} s, ${of.length} and ${against.length} clicks heard`)
show('fast from the wall clock', of)
show('slow from the wall clock', against)
show(
  'fast from slow',
  of.map((ms, second) => ms - (against[second] ?? Number.NaN)),
)
for (const bench of benches)
  for (const { end, frames, underruns, corrections } of bench.of('ended', 'clicks'))
    console.log(JSON.stringify({ end, frames, underruns, corrections }))
