import type { Inspect } from '../line/scanner.ts'

const HEADER_BYTES = 6
const TRAILER_BYTES = 3
const BYTES_PER_LED = 3
const MAGIC = [0x41, 0x77, 0x61] as const
const CHECK = 0x55
const MODULUS = 255
/** The header counts LEDs less one in 16 bits. */
export const MOST_LEDS = 65_536

/** The third sum may not look like the beginning of a frame. */
const [LOOKS_LIKE_A, INSTEAD] = [0x41, 0xaa]

/**
 * Two Fletcher sums and one over the data mixed with their positions, which begin anew every 256 bytes.
 * @see awawa-dev/HyperSerialESP32 include/framestate.h
 */
const sumsOf = (data: Uint8Array): readonly [number, number, number] => {
  let [first, second, mixed] = [0, 0, 0]
  for (const [position, value] of data.entries()) {
    first = (first + value) % MODULUS
    second = (second + first) % MODULUS
    mixed = (mixed + (value ^ (position & 0xff))) % MODULUS
  }
  return [first, second, mixed === LOOKS_LIKE_A ? INSTEAD : mixed]
}

/**
 * An AWA frame: as Adalight, with the magic `Awa` and three sums behind the data, so that a spoilt frame is not shown.
 * @see HyperHDR sources/led-drivers/serial/DriverSerialAdalight.cpp
 */
export const encodeFrame = (strip: Uint8Array): Uint8Array => {
  const last = strip.length / BYTES_PER_LED - 1
  const [high, low] = [(last >> 8) & 0xff, last & 0xff]
  const frame = new Uint8Array(HEADER_BYTES + strip.length + TRAILER_BYTES)
  frame.set([...MAGIC, high, low, high ^ low ^ CHECK])
  frame.set(strip, HEADER_BYTES)
  frame.set(sumsOf(strip), HEADER_BYTES + strip.length)
  return frame
}

/** Reads frames as a receiver does: RGB888 in the order of the strip. */
export const inspectFrame: Inspect<Uint8Array> = (bytes) => {
  if (MAGIC.some((value, i) => i < bytes.length && bytes[i] !== value)) return 'none'
  const [, , , high, low, check] = bytes
  if (high === undefined || low === undefined || check === undefined) return 'more'
  if (check !== (high ^ low ^ CHECK)) return 'none'
  const end = HEADER_BYTES + (high * 256 + low + 1) * BYTES_PER_LED
  if (bytes.length < end + TRAILER_BYTES) return 'more'
  const value = bytes.slice(HEADER_BYTES, end)
  const isWhole = sumsOf(value).every((sum, i) => sum === bytes[end + i])
  return isWhole ? { length: end + TRAILER_BYTES, value } : 'none'
}
