import jsqr from 'jsqr'
import { describe, expect, test } from 'vitest'
import { createQrCode } from '../../../agent/adapters/qr/qr-code.ts'
import { layQrPage } from '../../../agent/core/sign/qr-page.ts'

/** What a camera reads from a panel: LEDs as squares of several pixels, dark around them. */
const readBy = (width: number, height: number, text: string): string | undefined => {
  const page = layQrPage({ seconds: 5 }, createQrCode(text), { width, height, framesPerSecond: 30 })
  const { rgb } = page.draw(0)
  const [dot, edge] = [4, 16]
  const [w, h] = [width * dot + 2 * edge, height * dot + 2 * edge]
  const image = new Uint8ClampedArray(w * h * 4).fill(255)
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const [column, row] = [Math.floor((x - edge) / dot), Math.floor((y - edge) / dot)]
      const inside = column >= 0 && row >= 0 && column < width && row < height
      image.fill(inside ? (rgb[(row * width + column) * 3] ?? 0) : 0, (y * w + x) * 4, (y * w + x) * 4 + 3)
    }
  }
  const decode = jsqr as unknown as typeof jsqr.default
  return decode(image, w, h)?.data
}

describe('QR codes on a sign', () => {
  test.each([
    [64, 32, 'https://x.example/1'],
    [128, 64, 'https://phan-anh.chomoi.example/xa/26068'],
    [320, 160, 'Góp ý cho xã: https://phan-anh.chomoi.example/xa/26068?nguon=bang-tin'],
  ])('a panel of %i x %i: another decoder reads what was meant', (width, height, text) => {
    expect(readBy(width, height, text)).toBe(text)
  })

  test('the largest squares that fit are used', () => {
    const lit = (size: number) => {
      const panel = { width: size, height: size, framesPerSecond: 30 }
      return layQrPage({ seconds: 5 }, createQrCode('a'), panel)
        .draw(0)
        .rgb.filter((value) => value > 0).length
    }
    expect(lit(60)).toBeGreaterThan(lit(40))
  })
})
