import type { Panel } from './raster.ts'

/** Brightness from 0 to 255, in proportion to light; what comes out is 255 for a lit LED and 0 for a dark one. */
type Dither = (panel: Panel, levels: Float32Array) => Uint8Array

const FULL = 255
const HALF = 128

/** Every LED by itself: for logos and drawings, whose edges stay sharp. */
export const threshold: Dither = (_, levels) => Uint8Array.from(levels, (level) => (level >= HALF ? FULL : 0))

/** Where the error of a pixel goes (Floyd and Steinberg, 1976), in sixteenths. */
const SPREAD = [
  { dx: 1, dy: 0, share: 7 },
  { dx: -1, dy: 1, share: 3 },
  { dx: 0, dy: 1, share: 5 },
  { dx: 1, dy: 1, share: 1 },
] as const

/** Gives the error of the LED at (x, y) to those that come after it. */
const spread = (rest: Float32Array, { width, height }: Panel, x: number, y: number, error: number): void => {
  for (const { dx, dy, share } of SPREAD) {
    const inside = x + dx >= 0 && x + dx < width && y + dy < height
    const to = (y + dy) * width + x + dx
    if (inside) rest[to] = (rest[to] ?? 0) + (error * share) / 16
  }
}

/** The error of each LED goes to its neighbours: for photographs. */
export const floydSteinberg: Dither = (panel, levels) => {
  const rest = Float32Array.from(levels)
  return Uint8Array.from(levels, (_, at) => {
    const level = rest[at] ?? 0
    const lit = level >= HALF ? FULL : 0
    spread(rest, panel, at % panel.width, Math.floor(at / panel.width), level - lit)
    return lit
  })
}

/** Thresholds of an 8 x 8 square, from 0 to 63 (Bayer, 1973). */
const bayerAt = (x: number, y: number): number => {
  let value = 0
  for (let bit = 0; bit < 3; bit += 1) {
    const [a, b] = [(x >> bit) & 1, (y >> bit) & 1]
    value |= (((a ^ b) << 1) | b) << (2 * (2 - bit))
  }
  return value
}

/** A fixed pattern: what stands still in an animation does not flicker. */
export const bayer: Dither = ({ width }, levels) =>
  Uint8Array.from(levels, (level, i) => {
    const limit = ((bayerAt((i % width) & 7, Math.floor(i / width) & 7) + 0.5) / 64) * FULL
    return level > limit ? FULL : 0
  })

/** Of a picture's pixels, so many of middle brightness make it a photograph. */
const PHOTOGRAPH_SHARE = 0.15
const MIDDLE = { from: 48, to: 208 }

/** Photographs have middle tones; logos and drawings are light or dark. `gray`: as on a screen, 0 to 255. */
export const isPhotograph = (gray: Float32Array): boolean => {
  const middle = gray.filter((level) => level >= MIDDLE.from && level < MIDDLE.to).length
  const drawn = gray.filter((level) => level > 0).length
  return middle > drawn * PHOTOGRAPH_SHARE
}
