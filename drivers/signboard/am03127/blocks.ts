import type { Frame } from '../../../agent/ports/signboard.ts'
import { BLOCK_WIDTH, LINE_ROWS } from './commands.ts'
import { BLOCK_BYTES } from './packet.ts'

const UNIT = 8
const PIXELS_A_BYTE = 4
const UNIT_BYTES = (UNIT * LINE_ROWS) / PIXELS_A_BYTE
const RED = 0b10
const GREEN = 0b01
const HALF = 128

/** What an LED shows of a colour: red, green, both; lit is red on a sign of one colour. */
const ledOf = (color: 'rgb' | 'mono', red: number, green: number, blue: number): number => {
  if (red === 0 && green === 0 && blue === 0) return 0
  if (color === 'mono') return RED
  const led = (red >= HALF ? RED : 0) | (green >= HALF ? GREEN : 0)
  return led === 0 ? RED | GREEN : led
}

/**
 * One block of 32 by 8 pixels from the frame, dark where it reaches beyond: four units of 8 by 8 side by side, each row
 * by row, two bits a pixel, the left one highest.
 */
export const encodeBlock = (frame: Frame, left: number, top: number, color: 'rgb' | 'mono'): Uint8Array => {
  const block = new Uint8Array(BLOCK_BYTES)
  for (let y = 0; y < LINE_ROWS; y += 1)
    for (let x = 0; x < BLOCK_WIDTH; x += 1) {
      if (left + x >= frame.width || top + y >= frame.height) continue
      const pixel = ((top + y) * frame.width + left + x) * 3
      const [red = 0, green = 0, blue = 0] = frame.rgb.subarray(pixel, pixel + 3)
      const at = Math.floor(x / UNIT) * UNIT_BYTES + (y * UNIT + (x % UNIT)) / PIXELS_A_BYTE
      const shift = (PIXELS_A_BYTE - 1 - (x % PIXELS_A_BYTE)) * 2
      block[Math.floor(at)] = (block[Math.floor(at)] ?? 0) | (ledOf(color, red, green, blue) << shift)
    }
  return block
}

/** The blocks of a whole panel, line by line from the top, each from the left. */
export const encodeBlocks = (frame: Frame, color: 'rgb' | 'mono'): readonly (readonly Uint8Array[])[] =>
  Array.from({ length: Math.ceil(frame.height / LINE_ROWS) }, (_, line) =>
    Array.from({ length: Math.ceil(frame.width / BLOCK_WIDTH) }, (_, across) =>
      encodeBlock(frame, across * BLOCK_WIDTH, line * LINE_ROWS, color),
    ),
  )
