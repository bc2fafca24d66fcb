import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { ImageFormat } from '../../../agent/core/documents.ts'
import { LoaError } from '../../../agent/core/error.ts'
import type { Picture } from '../../../agent/core/sign/picture.ts'
import { createPictureDecoder } from '../../../drivers/decoder/picture.ts'

const GATE = { width: 64, height: 16, framesPerSecond: 30 }
const never = new AbortController().signal

/** What ffmpeg draws, as a file of the format. */
const made = (source: string, ...encoder: readonly string[]): Buffer =>
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, ...encoder, 'pipe:1'], {
    maxBuffer: 64 * 1024 * 1024,
  })
const one = ['-frames:v', '1']
const FILES: Readonly<Record<ImageFormat, () => Buffer>> = {
  png: () => made('color=red:s=200x100', ...one, '-f', 'image2pipe', '-c:v', 'png'),
  jpeg: () => made('color=red:s=200x100', ...one, '-f', 'image2pipe', '-c:v', 'mjpeg'),
  gif: () => made('color=red:s=200x100', ...one, '-f', 'gif'),
  webp: () => made('color=red:s=200x100', ...one, '-f', 'image2pipe', '-c:v', 'libwebp'),
}

async function* inPieces(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
}

const decode = (bytes: Uint8Array, format: ImageFormat, panel = GATE): Promise<Picture> =>
  createPictureDecoder().decode(inPieces(bytes), format, panel, never)

const codeOf = async (bytes: Uint8Array, format: ImageFormat): Promise<string> => {
  try {
    await decode(bytes, format)
  } catch (thrown) {
    if (thrown instanceof LoaError) return thrown.code
    throw thrown
  }
  return 'decoded'
}

const pixel = ({ width, frames }: Picture, x: number, y: number, frame = 0): readonly number[] => [
  ...(frames[frame]?.rgb ?? new Uint8Array()).subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
]

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})
const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type), data])
  const crc = body.reduce((sum, byte) => (CRC[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8), 0xffffffff)
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE((crc ^ 0xffffffff) >>> 0)
  return Buffer.concat([length, body, check])
}
/** A PNG of one gray level that says it is so large, and holds as many rows as `rows`. */
const grayPng = (width: number, height: number, rows = height): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const data = deflateSync(Buffer.alloc((width + 1) * rows), { level: 9 })
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

describe('pictures', () => {
  test.each(Object.keys(FILES) as ImageFormat[])(
    '%s fits into the panel, centred, its proportions kept',
    async (format) => {
      const picture = await decode(FILES[format](), format)
      expect([picture.width, picture.height, picture.frames.length]).toEqual([64, 16, 1])
      const [red = 0, green = 0, blue = 0] = pixel(picture, 32, 8)
      expect(red).toBeGreaterThan(240)
      expect(Math.max(green, blue)).toBeLessThan(20)
      expect(pixel(picture, 15, 8)).toEqual([0, 0, 0])
      expect(pixel(picture, 48, 8)).toEqual([0, 0, 0])
    },
  )

  test('what is transparent is dark', async () => {
    const bytes = made('color=white@0.0:s=64x16,format=rgba', ...one, '-f', 'image2pipe', '-c:v', 'png')
    const { frames } = await decode(bytes, 'png')
    expect(frames[0]?.rgb.every((value) => value === 0)).toBe(true)
  })

  test('each frame of an animation stands for its time; on a slow panel the first one stands', async () => {
    const bytes = made('testsrc=s=64x16:r=5:d=2', '-f', 'gif')
    const { frames } = await decode(bytes, 'gif')
    expect(frames.map(({ ms }) => ms)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(
      new Set(frames.map(({ rgb }) => createHash('sha256').update(rgb).digest('hex'))).size,
    ).toBeGreaterThan(1)
    expect((await decode(bytes, 'gif', { ...GATE, framesPerSecond: 1.8 })).frames).toHaveLength(1)
    const quick = await decode(made('testsrc=s=64x16:r=25:d=1', '-f', 'gif'), 'gif')
    expect(quick.frames[0]?.ms).toBeCloseTo(1000 / 15, 3)
  })

  test('a long animation on a big panel is cut to what memory allows', async () => {
    const bytes = made('testsrc=s=320x160:r=10:d=6', '-f', 'gif')
    const { frames } = await decode(bytes, 'gif', { width: 320, height: 160, framesPerSecond: 10 })
    expect(frames.length * 320 * 160 * 3).toBeLessThanOrEqual(4 * 1024 * 1024)
    expect(frames.length).toBeGreaterThan(20)
  })

  test.each([
    ['a picture of 10,000 x 10,000 pixels', grayPng(10_000, 10_000, 1), 'png'],
    ['one that says it has 2,000,000,000 pixels a row', grayPng(2_000_000_000, 1, 0), 'png'],
    ['one without pixels', grayPng(0, 0), 'png'],
    ['one without rows', grayPng(64, 0), 'png'],
    ['one of no bytes', Buffer.alloc(0), 'png'],
    ['noise', Buffer.alloc(5000, 'x'), 'jpeg'],
    ['a PNG that is said to be a JPEG', grayPng(64, 16), 'jpeg'],
    ['a playlist', Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'), 'gif'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'png'],
  ] as const)('%s is bad', async (_, bytes, format) => {
    expect(await codeOf(bytes, format)).toBe('BAD_MEDIA')
  })

  test('a bomb of 100,000,000 real pixels in a few kilobytes is bad too', async () => {
    const bytes = grayPng(10_000, 10_000)
    expect(bytes.length).toBeLessThan(200_000)
    expect(await codeOf(bytes, 'png')).toBe('BAD_MEDIA')
  })

  test('10,000 pixels by 100, and a line of one pixel, are pictures', async () => {
    expect((await decode(grayPng(10_000, 100), 'png')).frames).toHaveLength(1)
    expect((await decode(grayPng(10_000, 1), 'png')).frames).toHaveLength(1)
  })

  test('a decoder that is not wanted any more is ended', async () => {
    const stop = new AbortController()
    const decoding = createPictureDecoder().decode(inPieces(grayPng(4000, 4000)), 'png', GATE, stop.signal)
    stop.abort(new Error('no longer wanted'))
    await expect(decoding).rejects.toThrow('no longer wanted')
  })
})
