import { describe, expect, test } from 'vitest'
import type { ImageRef } from '../../agent/core/documents.ts'
import { NO_SOUND } from '../../agent/ports/media-cache.ts'
import { SignPictures } from '../../agent/services/sign-pictures.ts'
import { FakePictureDecoder } from '../fakes/fake-picture-decoder.ts'
import { silentLogger } from '../fakes/silent-logger.ts'
import { until } from '../fakes/until.ts'

const GATE = { width: 64, height: 16, framesPerSecond: 30 }
const WALL = { width: 1024, height: 512, framesPerSecond: 30 }
const imageOf = (index: number, bytes = 9): ImageRef => ({
  sha256: String(index).padStart(64, '0'),
  bytes,
  format: 'png',
  urls: [],
})

describe('pictures of signs', () => {
  const begin = (file: Buffer = Buffer.from('picture')) => {
    const decoder = new FakePictureDecoder()
    const here = new Set<string>()
    let changes = 0
    const pictures = new SignPictures({
      stateOf: (sha256) =>
        here.has(sha256) ? { state: 'ready', bytes: 9, measured: NO_SOUND } : { state: 'missing', bytes: 0 },
      read: (_, offset, length) => file.subarray(offset, offset + length),
      decoder,
      logger: silentLogger,
      onChange: () => {
        changes += 1
      },
      onFailure: (error) => {
        throw error
      },
    })
    return { pictures, decoder, here, changes: () => changes }
  }

  test('one is decoded once for a size, when its file is here', async () => {
    const { pictures, decoder, here, changes } = begin()
    const image = imageOf(1)
    expect(pictures.pictureFor(image, GATE)).toBe('waiting')
    expect(decoder.decoded).toEqual([])
    here.add(image.sha256)
    expect(pictures.pictureFor(image, GATE)).toBe('waiting')
    expect(pictures.pictureFor(image, GATE)).toBe('waiting')
    await until('the decoder has done its work', () => changes() === 1)
    expect(pictures.pictureFor(image, GATE)).toMatchObject({ width: 64, height: 16 })
    expect(decoder.decoded).toEqual(['png 64x16'])
    expect(pictures.pictureFor(image, WALL)).toBe('waiting')
    await until('the decoder has done its work', () => changes() === 2)
    expect(decoder.decoded).toEqual(['png 64x16', 'png 1024x512'])
  })

  test('one that does not decode is bad, and is not tried again and again', async () => {
    const { pictures, decoder, here, changes } = begin(Buffer.from('bad'))
    const image = imageOf(1)
    here.add(image.sha256)
    pictures.pictureFor(image, GATE)
    await until('the decoder has done its work', () => changes() === 1)
    expect(pictures.pictureFor(image, GATE)).toBe('bad')
    expect(decoder.decoded).toHaveLength(1)
  })

  test('of many big ones the latest few are kept', async () => {
    const { pictures, decoder, here, changes } = begin()
    for (let index = 0; index < 8; index += 1) {
      here.add(imageOf(index).sha256)
      pictures.pictureFor(imageOf(index), WALL)
      await until('the decoder has done its work', () => changes() === index + 1)
    }
    expect(pictures.pictureFor(imageOf(7), WALL)).not.toBe('waiting')
    expect(pictures.pictureFor(imageOf(0), WALL)).toBe('waiting')
    await until('the decoder has done its work', () => decoder.decoded.length === 9)
  })
})
