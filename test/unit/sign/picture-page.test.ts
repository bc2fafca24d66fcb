import { describe, expect, test } from 'vitest'
import { bayer, floydSteinberg, isPhotograph, threshold } from '../../../agent/core/sign/dither.ts'
import { PLAIN_LOOK } from '../../../agent/core/sign/look.ts'
import type { Picture } from '../../../agent/core/sign/picture.ts'
import { layPicturePage } from '../../../agent/core/sign/picture-page.ts'

const SQUARE = { width: 32, height: 32 }
const flat = (level: number): Float32Array => new Float32Array(32 * 32).fill(level)
const share = (lit: Uint8Array): number => lit.filter((value) => value > 0).length / lit.length

describe('dots of one colour', () => {
  test.each([0.1, 0.25, 0.5, 0.9])('as many are lit as the picture is bright: %f', (bright) => {
    expect(share(floydSteinberg(SQUARE, flat(255 * bright)))).toBeCloseTo(bright, 1)
    expect(share(bayer(SQUARE, flat(255 * bright)))).toBeCloseTo(bright, 1)
  })

  test('black stays black and white white, however they are made', () => {
    for (const dither of [floydSteinberg, bayer, threshold]) {
      expect(share(dither(SQUARE, flat(0)))).toBe(0)
      expect(share(dither(SQUARE, flat(255)))).toBe(1)
    }
  })

  test('a logo is told from a photograph', () => {
    const logo = Float32Array.from({ length: 1024 }, (_, i) => (i % 32 < 16 ? 255 : 0))
    const photograph = Float32Array.from({ length: 1024 }, (_, i) => (i % 32) * 8)
    expect([isPhotograph(logo), isPhotograph(photograph), isPhotograph(flat(0))]).toEqual([
      false,
      true,
      false,
    ])
  })
})

describe('a page with a picture', () => {
  const gray = (level: number, frames = 1): Picture => ({
    ...SQUARE,
    frames: Array.from({ length: frames }, (_, i) => ({
      rgb: new Uint8Array(32 * 32 * 3).fill(level + i),
      ms: 100 * (i + 1),
    })),
  })
  const panel = (look: Partial<typeof PLAIN_LOOK>) => ({
    ...SQUARE,
    framesPerSecond: 30,
    look: { ...PLAIN_LOOK, ...look },
  })
  const lay = (picture: Picture, look: Partial<typeof PLAIN_LOOK> = {}) =>
    layPicturePage('c'.repeat(64), 5000, picture, panel(look))

  test('is as it is, darker with gamma', () => {
    expect(lay(gray(128)).draw(0).rgb[0]).toBe(128)
    expect(lay(gray(128), { gamma: 2.2 }).draw(0).rgb[0]).toBe(56)
    expect(lay(gray(255), { gamma: 2.2 }).draw(0).rgb[0]).toBe(255)
  })

  test('on LEDs of one colour is dots in proportion to light', () => {
    const { rgb } = lay(gray(128), { color: 'mono', gamma: 2.2 }).draw(0)
    expect(share(rgb.filter((_, i) => i % 3 === 0))).toBeCloseTo(56 / 255, 1)
  })

  test('has a name that tells it from a cleared sign, and stands for its seconds', () => {
    const page = lay(gray(1))
    expect([page.text, page.durationMs]).toEqual(['[image cccccccc]', 5000])
    expect(page.steps(0, 0)).toEqual({ index: 0, nextMs: Number.POSITIVE_INFINITY })
  })

  test('an animation goes round and round, each frame for its time', () => {
    const page = lay(gray(10, 3))
    expect([0, 99, 100, 299, 300, 599, 600, 1199].map((at) => page.steps(at, 0).index)).toEqual([
      0, 0, 1, 1, 2, 2, 0, 2,
    ])
    expect(page.steps(250, 0).nextMs).toBe(50)
    expect([0, 1, 2].map((index) => page.draw(index).rgb[0])).toEqual([10, 11, 12])
  })
})
