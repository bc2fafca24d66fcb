const HEADER_BYTES = 6
const BYTES_PER_LED = 3
const MAGIC = [0x41, 0x64, 0x61] as const
const CHECK = 0x55
/** The header counts LEDs less one in 16 bits. */
export const MOST_LEDS = 65_536
/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10

const frameBytes = (leds: number): number => HEADER_BYTES + leds * BYTES_PER_LED

/**
 * An Adalight frame: `Ada`, number of LEDs less one (big-endian), its check byte, then RGB888 in the order of the strip.
 * @see hyperion.ng libsrc/leddevice/dev_serial/LedDeviceAdalight.cpp
 */
export const encodeFrame = (strip: Uint8Array): Uint8Array => {
  const last = strip.length / BYTES_PER_LED - 1
  const [high, low] = [(last >> 8) & 0xff, last & 0xff]
  const frame = new Uint8Array(HEADER_BYTES + strip.length)
  frame.set([...MAGIC, high, low, high ^ low ^ CHECK])
  frame.set(strip, HEADER_BYTES)
  return frame
}

/** How long a frame is on the wire. */
export const wireMs = (leds: number, baud: number): number => (frameBytes(leds) * BITS_PER_BYTE * 1000) / baud

export const framesPerSecond = (leds: number, baud: number): number => 1000 / wireMs(leds, baud)
