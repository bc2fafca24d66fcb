import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { AHEAD_FRAMES, MediaSource } from '../../../agent/playout/media-source.ts'
import { createFfmpegDecoder } from '../../../drivers/decoder/ffmpeg-decoder.ts'
import { noise, wavOf } from '../../fakes/playout-bench.ts'
import { until } from '../../fakes/until.ts'

const SECONDS = 16

const open = (samples: Int16Array, delayMs = (): number => 0): MediaSource => {
  const bytes = wavOf(samples)
  const segment = { kind: 'media', sha256: '', bytes: bytes.length, gainDb: 0, format: 'wav' } as const
  return new MediaSource({ ...segment, frames: samples.length }, 0, 1, createFfmpegDecoder(), {
    read: async (_, from, length) => {
      await new Promise((resolve) => setTimeout(resolve, delayMs()))
      return bytes.slice(from, from + length)
    },
  })
}

/** Reads as the device would, only faster: a decoder exits while most of its file is still to be read. */
const heardOf = async (
  source: MediaSource,
  length: number,
  onRead: (frames: number) => void = () => undefined,
): Promise<Int16Array> => {
  const heard = new Int16Array(length)
  let count = 0
  source.setAhead(AHEAD_FRAMES.playing)
  await until(
    'it is read to the end',
    () => {
      if (source.buffered >= AHEAD_FRAMES.playing || source.complete)
        count += source.read(heard.subarray(count, count + 24_000))
      onRead(count)
      return source.ended
    },
    20_000,
  )
  return heard.subarray(0, count)
}

const isSame = (heard: Int16Array, samples: Int16Array): boolean =>
  heard.length === samples.length && heard.every((sample, index) => sample === samples[index])

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const decoders = (): readonly number[] =>
  readdirSync('/proc/self/task')
    .flatMap((task) => textOf(`/proc/self/task/${task}/children`).split(' '))
    .map(Number)
    .filter((pid) => pid > 0 && textOf(`/proc/${pid}/cmdline`).includes('ffmpeg'))

it('gives every frame of a file that is longer than what is decoded ahead, to the last', async () => {
  const samples = noise(SECONDS)
  const source = open(samples)
  expect(isSame(await heardOf(source, samples.length), samples)).toBe(true)
  expect(source.fault).toBeUndefined()
})

it('replaces a decoder that was stopped in the middle of a file, twice in one file, without losing a frame', async () => {
  const samples = noise(36)
  const source = open(samples)
  const stopped: number[] = []
  const stopAt = (frames: number) => {
    const [pid] = decoders()
    const isTime = frames > stopped.length * 16 * 48_000
    if (stopped.length === 2 || !isTime || pid === undefined || stopped.includes(pid)) return
    process.kill(pid, 'SIGSTOP')
    stopped.push(pid)
  }
  expect(isSame(await heardOf(source, samples.length, stopAt), samples)).toBe(true)
  expect([stopped.length, source.fault]).toEqual([2, undefined])
  expect(decoders()).toEqual([])
})

it('waits for bytes that come late: a decoder that has nothing to decode is not to blame', async () => {
  const samples = noise(SECONDS)
  let reads = 0
  const source = open(samples, () => {
    reads += 1
    return reads === 4 ? 2500 : 0
  })
  let first: number | undefined
  const note = () => {
    first ??= decoders()[0]
    expect([first, undefined]).toContain(decoders()[0])
  }
  expect(isSame(await heardOf(source, samples.length, note), samples)).toBe(true)
  expect(source.fault).toBeUndefined()
})
