import { setTimeout as wait } from 'node:timers/promises'
import { epochMs } from '../../agent/core/time.ts'
import { PlayoutBench } from '../fakes/playout-bench.ts'
import { makeMp3 } from '../fixtures/sounds.ts'
import { buildVirtualDac } from '../rig/virtual-dac.ts'
import type { NamedBench, Section } from './parts/section.ts'

const BUSY_MS = 150
const EVERY_MS = 300
const LEAD_MS = 1500

/** How often device and piece run dry while the thread that feeds playout, the agent's main thread, is mostly busy. */
const measure = async (seconds: number): Promise<Section> => {
  // Before playout is started: it takes a main thread that is silent for two seconds for dead.
  const bytes = makeMp3(seconds)
  using dac = buildVirtualDac()
  await using bench = new PlayoutBench(
    { driver: 'alsa', device: 'dac0', rate: 48_000, channels: 1, bufferMs: 500 },
    dac.env,
  )
  await bench.up()
  const mp3 = bench.media(bytes, 'mp3', seconds)
  bench.schedule('programme', [mp3], { at: epochMs(Date.now() + LEAD_MS) })
  const block = setInterval(() => {
    const until = performance.now() + BUSY_MS
    while (performance.now() < until) Math.sqrt(until)
  }, EVERY_MS)
  const deadline = Date.now() + 1000 * seconds + 15_000
  while (bench.of('ended', 'programme').length === 0 && Date.now() < deadline) await wait(100)
  clearInterval(block)
  const [ended] = bench.of('ended', 'programme')
  const deaths = bench.of('process').filter(({ up }) => !up).length
  const dry = dac.events('xrun').length
  const whole = ended?.end === 'finished' && ended.frames === 48_000 * seconds
  const met = whole && ended.underruns === 0 && dry === 0 && deaths === 0
  return {
    head: ['played', 'underruns of the piece', 'of the device', 'deaths of playout', 'goal'],
    rows: [
      [
        `${((ended?.frames ?? 0) / 48_000).toFixed(0)} of ${seconds} s, ${ended?.end ?? 'no end'}`,
        String(ended?.underruns ?? '-'),
        String(dry),
        String(deaths),
        `0, all of it played: ${met ? 'met' : 'NOT met'}`,
      ],
    ],
    method: `${seconds} s of MP3, read by playout from a main thread that is busy for ${BUSY_MS} of every ${EVERY_MS} ms.`,
  }
}

export const blocked: NamedBench = {
  title: 'Underruns under a blocked main thread',
  run: (quick) => measure(quick ? 10 : 600),
}
