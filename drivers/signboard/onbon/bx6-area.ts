import type { Frame } from '../../../agent/ports/signboard.ts'
import { u16, u32 } from '../words.ts'

const PICTURE_AREA = 0x10
const STILL = 0x01
const WORD_PIXELS = 32
const PAGE_RESERVED_BYTES = 9
const AREA_RESERVED_BYTES = 5
/** Of a page, the offset and the length of its data. */
const PAGE_POINTER_BYTES = 8
const RUN_UNTIL_STALE = 2
/** In units of 10 ms: a still page is shown again for ever. */
const STAY = 100

/** A picture in an area that the controller keeps in its memory and forgets when it is not sent again in time. */
export type PictureArea = {
  readonly id: number
  readonly frame: Frame
  readonly timeoutSeconds: number
  /** `mono`: one bit a pixel; `rgb`: RGB888, as the full-colour cards take it. */
  readonly pixels: 'mono' | 'rgb'
}

/** One bit a pixel in little-endian words of 32, the left pixel highest, rows filled to whole words; a lit pixel is 0. */
export const packBits = ({ width, height, rgb }: Frame): Uint8Array => {
  const words = Math.ceil(width / WORD_PIXELS)
  const packed = new Uint8Array(words * height * 4).fill(0xff)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const pixel = (y * width + x) * 3
      if (!rgb.subarray(pixel, pixel + 3).some((value) => value > 0)) continue
      const bit = WORD_PIXELS - 1 - (x % WORD_PIXELS)
      const at = (y * words + Math.floor(x / WORD_PIXELS)) * 4 + (bit >> 3)
      packed[at] = (packed[at] ?? 0) & ~(1 << (bit & 7))
    }
  return packed
}

/** The data of A7 00: one area of one still page over every programme of the controller. */
export const encodePictureArea = ({ id, frame, timeoutSeconds, pixels }: PictureArea): Uint8Array => {
  const data = pixels === 'mono' ? packBits(frame) : frame.rgb
  const page = [
    0, // style
    STILL,
    0, // exit
    0, // speed
    ...u16(STAY),
    1, // times
    ...u16(frame.width),
    ...new Array(PAGE_RESERVED_BYTES).fill(0),
  ]
  const area = [
    id,
    RUN_UNTIL_STALE,
    ...u16(timeoutSeconds),
    1, // belongs to every programme
    ...u16(0),
    1, // in front of them
    ...u32(0),
    PICTURE_AREA,
    ...u16(0),
    ...u16(0),
    ...u16(frame.width),
    ...u16(frame.height),
    0, // frame
    0, // background
    0, // transparency
    0, // same background as before
    0, // voice
    ...new Array(AREA_RESERVED_BYTES).fill(0),
    ...u16(1),
    ...u32(page.length + PAGE_POINTER_BYTES),
    ...page,
    ...u32(0),
    ...u32(data.length),
  ]
  const head = [...u16(0), ...u16(1), ...u32(area.length), ...area]
  const bytes = new Uint8Array(head.length + data.length)
  bytes.set(head)
  bytes.set(data, head.length)
  return bytes
}

/** The data of A7 01: deletes one area. */
export const encodeDeletedArea = (id: number): Uint8Array => Uint8Array.of(...u16(0), 1, id)
