import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { epochMs } from '../../agent/core/time.ts'
import { PlayoutBench } from '../fakes/playout-bench.ts'
import { until } from '../fakes/until.ts'
import { makeSound } from '../fixtures/sounds.ts'
import { buildVirtualDac } from '../rig/virtual-dac.ts'
import { endedChildrenCpuMsOf, scheduledMsOf } from './parts/processes.ts'
import type { NamedBench, Section } from './parts/section.ts'
import { skippedRow } from './parts/statistics.ts'
import { endPeer, isInstalled, spawnPeer } from './peers/child.ts'

const GOAL_PERCENT = 1
const SILENT_MS = 10_000
const MP3 = ['-c:a', 'libmp3lame', '-b:a', '64k', '-f', 'mp3']
const NOISE = 'anoisesrc=color=pink:amplitude=0.9:sample_rate=44100'
const PEERS = [
  { program: 'mpg123', args: ['-q', '-o', 'alsa', '-a', 'vdac1'] },
  {
    program: 'mpv',
    args: ['--no-config', '--no-terminal', '--no-video', '--ao=alsa', '--audio-device=alsa/vdac1'],
  },
] as const

const percent = (usedMs: number, ofMs: number): string => `${((100 * usedMs) / ofMs).toFixed(2)} %`

/** The share of a core that playout and its decoder take, beside players of the same file in the same run. */
const measure = async (seconds: number, silentMs: number): Promise<Section> => {
  // Before playout is started: it takes a main thread that is silent for two seconds for dead.
  const sound = makeSound(seconds, MP3, NOISE)
  using dac = buildVirtualDac()
  await using bench = new PlayoutBench(
    { driver: 'alsa', device: 'vdac0', rate: 48_000, channels: 1, bufferMs: 500 },
    dac.env,
  )
  await bench.up()
  const pid = bench.playout.pid ?? 0
  const row = async (
    state: string,
    run: () => Promise<unknown>,
    goal: boolean,
  ): Promise<readonly string[]> => {
    const [own, children, from] = [scheduledMsOf(pid), endedChildrenCpuMsOf(pid), performance.now()]
    await run()
    const ms = performance.now() - from
    const used = scheduledMsOf(pid) - own
    const met = (100 * used) / ms <= GOAL_PERCENT ? 'met' : 'NOT met'
    return [
      'playout',
      state,
      percent(used, ms),
      percent(endedChildrenCpuMsOf(pid) - children, ms),
      goal ? `${GOAL_PERCENT} % beyond the decoder: ${met}` : '',
    ]
  }
  const play = async (id: string, gainDb: number): Promise<void> => {
    bench.schedule(id, [bench.media(sound, 'mp3', seconds)], { at: epochMs(0), gainDb })
    await until('it has played', () => bench.of('ended', id).length > 0, 1000 * seconds + 20_000)
  }
  bench.playout.warm(3600)
  const ours = [
    await row('device open and silent', () => wait(silentMs), false),
    await row('playing its first minute', () => play('first', 0), false),
    await row('playing', () => play('plain', 0), true),
    await row('playing 12 dB too loud', () => play('loud', 12), false),
  ]
  const file = join(dac.folder, 'sound.mp3')
  writeFileSync(file, sound)
  const peers = PEERS.map(async ({ program, args }): Promise<readonly string[]> => {
    if (!isInstalled(program)) return skippedRow(program, program).slice(0, 5)
    // biome-ignore lint/style/noProcessEnv: peers are given ours, and the sound card of the rig
    const child = spawnPeer(program, [...args, file], { ...process.env, ...dac.env })
    const ms = 1000 * (seconds - 1)
    await wait(ms)
    const used = scheduledMsOf(child.pid ?? 0)
    const still = child.exitCode === null && child.signalCode === null
    await endPeer(child)
    return [program, 'playing', still ? percent(used, ms) : 'it ended too soon', 'in it', '']
  })
  return {
    head: ['process', 'state', 'of a core', 'its decoder', 'goal'],
    rows: [...ours, ...(await Promise.all(peers))],
    method: `CPU time of all threads of the process (/proc/PID/task/*/schedstat; its decoder: /proc/PID/stat) over ${seconds} s of MP3 at 64 kbit/s from its order to its end; in its first minute the compiler still works; the decoder is the ffmpeg that playout starts. The peers decode in their own process, from their start on, buffers as they come.`,
  }
}

export const cpu: NamedBench = {
  title: 'CPU of playout',
  run: (quick) => measure(quick ? 5 : 60, quick ? 2000 : SILENT_MS),
}
