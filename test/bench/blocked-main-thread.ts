import { epochMs } from '../../agent/core/time.ts'
import { PlayoutBench } from '../fakes/playout-bench.ts'
import { makeMp3 } from '../fixtures/sounds.ts'
import { buildVirtualDac } from '../rig/virtual-dac.ts'

/**
 * Plays an MP3 while the thread that feeds playout, the agent's main thread, is busy for 150 of every 300 ms, and prints
 * how often the device or the piece ran dry. Usage: node test/bench/blocked-main-thread.ts [SECONDS]
 */
const SECONDS = Number(process.argv[2] ?? 60)
const BUSY_MS = 150
const EVERY_MS = 300

using dac = buildVirtualDac()
await using bench = new PlayoutBench(
  { driver: 'alsa', device: 'dac0', rate: 48_000, channels: 1, bufferMs: 500 },
  dac.env,
)
await bench.up()
const mp3 = bench.media(makeMp3(SECONDS), 'mp3', SECONDS)
bench.schedule('programme', [mp3], { at: epochMs(Date.now() + 1500) })
const block = setInterval(() => {
  const until = performance.now() + BUSY_MS
  while (performance.now() < until) Math.sqrt(until)
}, EVERY_MS)
const deadline = Date.now() + 1000 * SECONDS + 15_000
while (bench.of('ended', 'programme').length === 0 && Date.now() < deadline)
  await new Promise((resolve) => setTimeout(resolve, 100))
clearInterval(block)
const [ended] = bench.of('ended', 'programme')
console.log(`${SECONDS} s of MP3, the main thread busy ${BUSY_MS} of every ${EVERY_MS} ms`)
console.log(
  `${ended?.end}, ${ended?.frames} frames, ${ended?.underruns} underruns of the piece, ${dac.events('xrun').length} of the device, ${bench.of('process').filter(({ up }) => !up).length} deaths of playout`,
)
