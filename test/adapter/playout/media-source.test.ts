import { expect, it } from 'vitest'
import type { AudioFormat } from '../../../agent/core/documents.ts'
import { AHEAD_FRAMES, MediaSource } from '../../../agent/playout/media-source.ts'
import { createFfmpegDecoder } from '../../../drivers/decoder/ffmpeg-decoder.ts'
import { noise, wavOf } from '../../fakes/playout-bench.ts'
import { until } from '../../fakes/until.ts'

const SECONDS = 16

it('gives every frame of a file that is longer than what is decoded ahead, to the last', async () => {
  const samples = noise(SECONDS)
  const bytes = wavOf(samples)
  const segment = {
    kind: 'media',
    sha256: '',
    bytes: bytes.length,
    gainDb: 0,
    frames: samples.length,
  } as const
  const format: AudioFormat = 'wav'
  const file = {
    read: (_: string, from: number, length: number) => Promise.resolve(bytes.slice(from, from + length)),
  }
  const source = new MediaSource({ ...segment, format }, 0, 1, createFfmpegDecoder(), file)
  source.setAhead(AHEAD_FRAMES.playing)
  const heard = new Int16Array(samples.length)
  let count = 0
  // Reads as the device would, only faster: the decoder exits while most of the file is still to be read.
  await until('it is read to the end', () => {
    if (source.buffered >= AHEAD_FRAMES.playing || source.complete)
      count += source.read(heard.subarray(count, count + 24_000))
    return source.ended
  })
  expect(count).toBe(samples.length)
  expect(heard.findIndex((sample, index) => sample !== samples[index])).toBe(-1)
  expect(source.fault).toBeUndefined()
})
