import type { Frame } from '../../../agent/ports/signboard.ts'

const [DARK, RED, GREEN, AMBER] = ['0', '1', '2', '3'] as const
const HALF = 128

const dotOf = (color: 'rgb' | 'mono', red: number, green: number, blue: number): string => {
  if (red === 0 && green === 0 && blue === 0) return DARK
  if (color === 'mono') return RED
  if (red >= HALF && green >= HALF) return AMBER
  if (green >= HALF) return GREEN
  return red >= HALF ? RED : AMBER
}

/** A frame as rows of digits, one a pixel. */
export const dotRows = ({ width, height, rgb }: Frame, color: 'rgb' | 'mono'): readonly string[] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => {
      const pixel = (y * width + x) * 3
      const [red = 0, green = 0, blue = 0] = rgb.subarray(pixel, pixel + 3)
      return dotOf(color, red, green, blue)
    }).join(''),
  )
