import { decode } from 'fast-png'
import type { Dot } from './screen.ts'

/** Pixels of a side of one LED in the pictures of a panel of up to 16,384 LEDs. */
const SIDE = 8

/** The colours of the LEDs in a picture that the virtual sign made, row by row. */
export const dotsOf = (png: Uint8Array): readonly (readonly Dot[])[] => {
  const { width, height, channels, data } = decode(png)
  const dot = (column: number, row: number): Dot => {
    const at = ((row * SIDE + SIDE / 2) * width + column * SIDE + SIDE / 2) * channels
    return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]
  }
  return Array.from({ length: Math.floor(height / SIDE) }, (_, row) =>
    Array.from({ length: Math.floor(width / SIDE) }, (_, column) => dot(column, row)),
  )
}
