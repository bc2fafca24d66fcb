import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gainDbOf } from '../../../agent/core/policy/volume.ts'
import { normalisationDb } from '../../../agent/core/schedule/lay-out.ts'
import { createFfmpegProbe } from '../../../drivers/decoder/probe.ts'
import { inMs, PlayoutBench } from '../../fakes/playout-bench.ts'
import { makeSound } from '../../fixtures/sounds.ts'

const WAV = ['-ar', '48000', '-ac', '1', '-c:a', 'pcm_s16le', '-f', 'wav']
const SECONDS = 6
const TEXT =
  'Kính thưa bà con, chiều nay lúc mười bảy giờ, Ủy ban nhân dân xã mời bà con đến nhà văn hóa họp bàn việc đắp đê và phòng chống lụt bão.'

/** Cut off by ffmpeg, which leaves the rest of its input unread. */
const spoken = (): Uint8Array =>
  spawnSync('ffmpeg', ['-v', 'error', '-i', 'pipe:0', '-t', String(SECONDS), ...WAV, 'pipe:1'], {
    input: spawnSync('espeak-ng', ['-v', 'vi', '--stdout', TEXT], { maxBuffer: 64 << 20 }).stdout,
    maxBuffer: 64 << 20,
  }).stdout

/** EBU R128 figures of a WAV file, by ffmpeg alone. */
const heardIn = (file: string): { readonly lufs: number; readonly truePeakDb: number } => {
  const args = [
    '-nostats',
    '-i',
    file,
    '-af',
    'silenceremove=start_periods=1,ebur128=peak=true',
    '-f',
    'null',
    '-',
  ]
  const said = spawnSync('ffmpeg', args, { encoding: 'utf8' }).stderr
  const figure = (pattern: RegExp): number => Number(said.match(pattern)?.[1])
  return { lufs: figure(/^\s*I:\s+(\S+) LUFS$/m), truePeakDb: figure(/^\s*Peak:\s+(\S+) dBFS$/m) }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Plays a file as the agent would, and measures what came out of the device. */
const play = async (bytes: Uint8Array, volume: number) => {
  const measured = await createFfmpegProbe(1).measure(
    once(bytes),
    'wav',
    SECONDS,
    new AbortController().signal,
  )
  await using bench = new PlayoutBench(
    (folder) => ({
      ...({ driver: 'wav', rate: 48_000, channels: 1, bufferMs: 500 } as const),
      file: join(folder, 'out.wav'),
    }),
    {},
  )
  await bench.up()
  const media = { ...bench.media(bytes, 'wav', SECONDS), gainDb: normalisationDb(measured) }
  bench.schedule('piece', [media], { at: inMs(1000), gainDb: gainDbOf(volume) })
  await bench.report('ended', 'piece')
  return heardIn(join(bench.folder, 'out.wav'))
}

describe('whatever was recorded how', () => {
  it.concurrent.each([
    ['a voice', spoken, 100],
    ['a faint tone', () => makeSound(SECONDS, WAV, 'sine=frequency=700:sample_rate=48000,volume=-30dB'), 100],
    [
      'noise at full scale',
      () => makeSound(SECONDS, WAV, 'anoisesrc=color=white:amplitude=1:sample_rate=48000'),
      100,
    ],
    ['a voice at volume 50', spoken, 50],
  ] as const)('%s leaves at one loudness, and below -1 dBTP', async (_, make, volume) => {
    const { lufs, truePeakDb } = await play(make(), volume)
    expect(lufs).toBeGreaterThan(-16 + gainDbOf(volume) - 1.5)
    expect(lufs).toBeLessThan(-16 + gainDbOf(volume) + 0.5)
    expect(truePeakDb).toBeLessThanOrEqual(-1)
  })

  it.concurrent('hard beats stay below -1 dBTP, and are as loud as their peaks allow', async () => {
    const beats = "aevalsrc='0.9*exp(-40*mod(t,0.5))*sin(2*PI*90*t)+0.02*sin(2*PI*3000*t)':s=48000"
    const { lufs, truePeakDb } = await play(makeSound(SECONDS, WAV, beats), 100)
    expect(truePeakDb).toBeLessThanOrEqual(-1)
    expect(lufs).toBeGreaterThan(-23)
    expect(lufs).toBeLessThan(-16)
  })
})
