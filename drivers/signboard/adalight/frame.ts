import type { Inspect } from '../line/scanner.ts'

const HEADER_BYTES = 6
const BYTES_PER_LED = 3
const MAGIC = [0x41, 0x64, 0x61] as const
const CHECK = 0x55
/** The header counts LEDs less one in 16 bits. */
export const MOST_LEDS = 65_536

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

/** Reads frames as a receiver does: RGB888 in the order of the strip. */
export const inspectFrame: Inspect<Uint8Array> = (bytes) => {
  if (MAGIC.some((value, i) => i < bytes.length && bytes[i] !== value)) return 'none'
  const [, , , high, low, check] = bytes
  if (high === undefined || low === undefined || check === undefined) return 'more'
  if (check !== (high ^ low ^ CHECK)) return 'none'
  const length = HEADER_BYTES + (high * 256 + low + 1) * BYTES_PER_LED
  return bytes.length < length ? 'more' : { length, value: bytes.slice(HEADER_BYTES, length) }
}
