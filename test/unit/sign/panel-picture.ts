import type { Raster } from '../../../agent/core/sign/raster.ts'

/** A panel as text: `#` lit, `.` dark. */
export const pictureOf = ({ width, height, rgb }: Raster): string =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (litAt(rgb, y * width + x) ? '#' : '.')).join(''),
  ).join('\n')

const litAt = (rgb: Uint8Array, pixel: number): boolean =>
  rgb.subarray(pixel * 3, pixel * 3 + 3).some((value) => value > 0)

/** Column `x` from top to bottom. */
export const columnOf = (raster: Raster, x: number): string =>
  pictureOf(raster)
    .split('\n')
    .map((row) => row[x])
    .join('')
