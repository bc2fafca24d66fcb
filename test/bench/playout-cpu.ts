import { readFileSync } from 'node:fs'
import { epochMs } from '../../agent/core/time.ts'
import { PlayoutBench } from '../fakes/playout-bench.ts'
import { until } from '../fakes/until.ts'
import { makeSound } from '../fixtures/sounds.ts'
import { buildVirtualDac } from '../rig/virtual-dac.ts'

/**
 * Prints the share of a core that playout and its decoder take while an MP3 plays, and what playout takes while its device
 * is open and silent. Usage: node test/bench/playout-cpu.ts [SECONDS]
 */
const SECONDS = Number(process.argv[2] ?? 60)
/** Clock ticks of /proc/PID/stat a second. */
const TICKS = 100

/** CPU time of a process in ms: its own, and that of its children that ended. */
const cpuMs = (pid: number): { readonly own: number; readonly children: number } => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const at = (index: number): number => (1000 * Number(fields[index])) / TICKS
  return { own: at(11) + at(12), children: at(13) + at(14) }
}

using dac = buildVirtualDac()
await using bench = new PlayoutBench(
  { driver: 'alsa', device: 'vdac0', rate: 48_000, channels: 1, bufferMs: 500 },
  dac.env,
)
await bench.up()
const pid = bench.playout.pid ?? 0
const measure = async (label: string, run: () => Promise<unknown>): Promise<void> => {
  const [before, fromMs] = [cpuMs(pid), performance.now()]
  await run()
  const [after, ms] = [cpuMs(pid), performance.now() - fromMs]
  const share = (from: number, to: number): string => `${((100 * (to - from)) / ms).toFixed(2)} %`
  console.log(
    `${label}: playout ${share(before.own, after.own)}, decoders that ended ${share(before.children, after.children)} of a core in ${(ms / 1000).toFixed(0)} s`,
  )
}
bench.playout.warm(3600)
await measure('device open and silent', () => new Promise((resolve) => setTimeout(resolve, 10_000)))
const options = ['-c:a', 'libmp3lame', '-b:a', '64k', '-f', 'mp3']
const noise = 'anoisesrc=color=pink:amplitude=0.9:sample_rate=44100'
const play = async (id: string, gainDb: number): Promise<void> => {
  const mp3 = bench.media(makeSound(SECONDS, options, noise), 'mp3', SECONDS)
  bench.schedule(id, [mp3], { at: epochMs(0), gainDb })
  await until('it has played', () => bench.of('ended', id).length > 0, 1000 * SECONDS + 20_000)
}
await measure('playing', () => play('plain', 0))
await measure('playing 12 dB too loud', () => play('loud', 12))
