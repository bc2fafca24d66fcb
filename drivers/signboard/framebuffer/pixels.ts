import { BYTES_PER_PIXEL, type PixelFormat } from './geometry.ts'

const writeXrgb = (bytes: Uint8Array, at: number, red: number, green: number, blue: number): void => {
  bytes[at] = blue
  bytes[at + 1] = green
  bytes[at + 2] = red
}

const writeRgb565 = (bytes: Uint8Array, at: number, red: number, green: number, blue: number): void => {
  const value = ((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3)
  bytes[at] = value & 0xff
  bytes[at + 1] = value >> 8
}

const WRITERS = { xrgb8888: writeXrgb, rgb565: writeRgb565 } as const

/** RGB888 as a screen has it in memory, little-endian, row after row without gaps. */
export const screenBytes = (rgb: Uint8Array, format: PixelFormat): Uint8Array => {
  const size = BYTES_PER_PIXEL[format]
  const bytes = new Uint8Array((rgb.length / 3) * size)
  const write = WRITERS[format]
  for (let i = 0; i * 3 < rgb.length; i += 1)
    write(bytes, i * size, rgb[i * 3] ?? 0, rgb[i * 3 + 1] ?? 0, rgb[i * 3 + 2] ?? 0)
  return bytes
}
