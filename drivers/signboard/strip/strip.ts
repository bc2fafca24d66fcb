import type { Frame } from '../../../agent/ports/signboard.ts'

export type StripLayout = 'rows' | 'serpentine'

const FULL = 255

/** The pixels of a frame in the order in which the LED strip runs through the panel. */
export const stripOf = (frame: Frame, layout: StripLayout, color: 'rgb' | 'mono'): Uint8Array => {
  const strip = new Uint8Array(frame.width * frame.height * 3)
  for (let y = 0; y < frame.height; y += 1) {
    const backwards = layout === 'serpentine' && y % 2 === 1
    for (let x = 0; x < frame.width; x += 1) {
      const column = backwards ? frame.width - 1 - x : x
      const from = (y * frame.width + column) * 3
      strip.set(frame.rgb.subarray(from, from + 3), (y * frame.width + x) * 3)
    }
  }
  return color === 'mono' ? oneColor(strip) : strip
}

/** LEDs of one colour know only on and off: text in any colour is shown at full brightness. */
const oneColor = (strip: Uint8Array): Uint8Array => {
  for (let i = 0; i < strip.length; i += 3) {
    const lit = strip.subarray(i, i + 3).some((value) => value > 0)
    strip.fill(lit ? FULL : 0, i, i + 3)
  }
  return strip
}
