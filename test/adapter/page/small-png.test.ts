import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { smallPng } from '../../../agent/adapters/page/png.ts'

test.each([
  [1, 1],
  [64, 16],
  [255, 127],
])('a picture of %i by %i dots is the same to whoever decodes it', (width, height) => {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 7919) % 256)
  const picture = decode(smallPng({ width, height, rgb }), { checkCrc: true })
  expect(picture).toMatchObject({ width, height, channels: 3, depth: 8 })
  expect(Buffer.from(picture.data.buffer, picture.data.byteOffset, picture.data.byteLength).equals(rgb)).toBe(
    true,
  )
})

test('a picture of a sign takes little', () => {
  const rgb = new Uint8Array(256 * 128 * 3).fill(0).map((_, index) => (index % 96 < 6 ? 255 : 0))
  expect(smallPng({ width: 256, height: 128, rgb }).length).toBeLessThan(2000)
})
