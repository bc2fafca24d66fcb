import type { SignConfig } from '../../../agent/core/sign-configuration.ts'

type PixelFormat = Extract<SignConfig, { readonly driver: 'generic-serial' }>['pixels']
type Rgb = readonly [number, number, number]

/** The pixels of one row, or column, in the order in which they are sent: their places in the frame. */
type Run = readonly number[]

const indexes = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

/** In which order a controller takes the pixels of a panel. */
export const runsOf = (
  { width, height }: { readonly width: number; readonly height: number },
  { rows, layout }: PixelFormat,
): readonly Run[] => {
  const ys = rows === 'top-down' ? indexes(height) : indexes(height).toReversed()
  if (layout === 'columns') return indexes(width).map((x) => ys.map((y) => y * width + x))
  return ys.map((y, i) => {
    const isBackwards = layout === 'serpentine' && i % 2 === 1
    const run = indexes(width).map((x) => y * width + x)
    return isBackwards ? run.toReversed() : run
  })
}

const pixelOf = (rgb: Uint8Array, place: number): Rgb => [
  rgb[place * 3] ?? 0,
  rgb[place * 3 + 1] ?? 0,
  rgb[place * 3 + 2] ?? 0,
]

/** Eight pixels a byte; a run begins with a byte of its own, and what is left of its last byte is dark. */
const monoRun = (pixels: readonly Rgb[], { first }: PixelFormat): Uint8Array => {
  const bytes = new Uint8Array(Math.ceil(pixels.length / 8))
  for (const [i, [red, green, blue]] of pixels.entries()) {
    const bit = first === 'high' ? 7 - (i % 8) : i % 8
    if (red + green + blue > 0) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << bit)
  }
  return bytes
}

const rgb565Run = (pixels: readonly Rgb[], { first }: PixelFormat): Uint8Array =>
  Uint8Array.from(
    pixels.flatMap(([red, green, blue]) => {
      const value = ((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3)
      const [high, low] = [value >> 8, value & 0xff]
      return first === 'high' ? [high, low] : [low, high]
    }),
  )

const runBytes = (pixels: readonly Rgb[], format: PixelFormat): Uint8Array => {
  switch (format.format) {
    case 'mono':
      return monoRun(pixels, format)
    case 'rgb565':
      return rgb565Run(pixels, format)
    case 'rgb888':
      return Uint8Array.from(pixels.flat())
  }
}

/** The pixels of a frame as a controller of that format takes them. */
export const pixelBytes = (rgb: Uint8Array, runs: readonly Run[], format: PixelFormat): Uint8Array => {
  const bytes = Buffer.concat(
    runs.map((run) =>
      runBytes(
        run.map((place) => pixelOf(rgb, place)),
        format,
      ),
    ),
  )
  return format.inverted ? bytes.map((value) => value ^ 0xff) : bytes
}
