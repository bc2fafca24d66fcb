import type { Raster } from './raster.ts'

const BOARD = [18, 18, 18] as const
const DARK_LED = [34, 32, 30] as const
const ONE_COLOR = [255, 191, 0] as const
/** Of an LED's square, the radius of its round dot. */
const RADIUS = 0.425

/** Pixels of an LED's side, by how many LEDs the panel has at most: pictures of big panels stay small enough to be made at once. */
const SCALES = [
  { leds: 16_384, side: 8 },
  { leds: 131_072, side: 3 },
] as const
const SMALLEST_SIDE = 1

export type DotPicture = { readonly width: number; readonly height: number; readonly data: Uint8Array }

const sideOf = (leds: number): number => SCALES.find((scale) => leds <= scale.leds)?.side ?? SMALLEST_SIDE

/** Which of the pixels of one LED's square belong to its dot. */
const dotOf = (side: number): readonly boolean[] =>
  Array.from({ length: side * side }, (_, i) => {
    const [dx, dy] = [(i % side) - (side - 1) / 2, Math.floor(i / side) - (side - 1) / 2]
    return dx * dx + dy * dy <= (RADIUS * side) ** 2
  })

/** The panel as a person sees it: every LED a round dot, 8 x 8 pixels unless the panel is big; RGB888. */
export const pictureOf = (frame: Raster, color: 'rgb' | 'mono'): DotPicture => {
  const side = sideOf(frame.width * frame.height)
  const dot = dotOf(side)
  const width = frame.width * side
  const data = new Uint8Array(width * frame.height * side * 3)
  for (let i = 0; i < frame.width * frame.height; i += 1) {
    const corner = Math.floor(i / frame.width) * side * width + (i % frame.width) * side
    const led = ledColor(frame.rgb.subarray(i * 3, i * 3 + 3), color)
    for (let j = 0; j < dot.length; j += 1) {
      const pixel = corner + Math.floor(j / side) * width + (j % side)
      data.set(dot[j] === true ? led : BOARD, pixel * 3)
    }
  }
  return { width, height: frame.height * side, data }
}

const ledColor = (pixel: Uint8Array, color: 'rgb' | 'mono'): ArrayLike<number> => {
  if (pixel.every((value) => value === 0)) return DARK_LED
  return color === 'mono' ? ONE_COLOR : pixel
}
