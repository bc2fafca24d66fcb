import type { Frame } from '../../../agent/ports/signboard.ts'
import { u16, u32 } from '../words.ts'

const FILE_HEADER_BYTES = 14
const INFO_HEADER_BYTES = 40
const PALETTE_ENTRY_BYTES = 4
const ROW_BYTES_MULTIPLE = 4
const HALF = 128

type Depth = { readonly bits: 1 | 4; readonly palette: readonly (readonly [number, number, number])[] }

/** Black and the one colour of the panel. */
const ONE_COLOR: Depth = {
  bits: 1,
  palette: [
    [0, 0, 0],
    [255, 255, 255],
  ],
}
/** Index: red in the lowest bit, green, blue. */
const EIGHT_COLORS: Depth = {
  bits: 4,
  palette: Array.from({ length: 16 }, (_, i) => [i & 1 ? 255 : 0, i & 2 ? 255 : 0, i & 4 ? 255 : 0]),
}

const indexOf = (depth: Depth, red: number, green: number, blue: number): number => {
  if (depth === ONE_COLOR) return red > 0 || green > 0 || blue > 0 ? 1 : 0
  return (red >= HALF ? 1 : 0) | (green >= HALF ? 2 : 0) | (blue >= HALF ? 4 : 0)
}

/** A BMP of one bit a pixel, or of four with the eight full colours. */
export const encodeBmp = ({ width, height, rgb }: Frame, color: 'rgb' | 'mono'): Uint8Array => {
  const depth = color === 'mono' ? ONE_COLOR : EIGHT_COLORS
  const rowBytes = Math.ceil((width * depth.bits) / 8 / ROW_BYTES_MULTIPLE) * ROW_BYTES_MULTIPLE
  const pixelsAt = FILE_HEADER_BYTES + INFO_HEADER_BYTES + depth.palette.length * PALETTE_ENTRY_BYTES
  const bytes = new Uint8Array(pixelsAt + rowBytes * height)
  bytes.set([0x42, 0x4d, ...u32(bytes.length), ...u32(0), ...u32(pixelsAt)])
  const info = [INFO_HEADER_BYTES, width, height].flatMap(u32)
  bytes.set([...info, ...u16(1), ...u16(depth.bits), ...u32(0), ...u32(rowBytes * height)], FILE_HEADER_BYTES)
  const palette = depth.palette.flatMap(([red, green, blue]) => [blue, green, red, 0])
  bytes.set(palette, FILE_HEADER_BYTES + INFO_HEADER_BYTES)
  bytes.set(u32(depth.palette.length), FILE_HEADER_BYTES + 32)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const pixel = (y * width + x) * 3
      const [red = 0, green = 0, blue = 0] = rgb.subarray(pixel, pixel + 3)
      const bit = x * depth.bits
      const at = pixelsAt + (height - 1 - y) * rowBytes + (bit >> 3)
      bytes[at] = (bytes[at] ?? 0) | (indexOf(depth, red, green, blue) << (8 - depth.bits - (bit & 7)))
    }
  return bytes
}
