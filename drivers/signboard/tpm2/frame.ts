import type { Inspect } from '../line/scanner.ts'

const START = 0xc9
const DATA = 0xda
const END = 0x36
const HEADER_BYTES = 4
const BYTES_PER_LED = 3
/** The header counts bytes in 16 bits, three for each LED. */
export const MOST_LEDS = 21_845

/** Asks whether somebody is there; the answer is `REPLY`. */
export const PING = Uint8Array.of(START, 0xaa)
export const REPLY = 0xac

/**
 * A TPM2 frame: start, kind, number of bytes (big-endian), RGB888 in the order of the strip, end.
 * @see hyperion.ng libsrc/leddevice/dev_serial/LedDeviceTpm2.cpp
 */
export const encodeFrame = (strip: Uint8Array): Uint8Array => {
  const frame = new Uint8Array(HEADER_BYTES + strip.length + 1)
  frame.set([START, DATA, strip.length >> 8, strip.length & 0xff])
  frame.set(strip, HEADER_BYTES)
  frame[frame.length - 1] = END
  return frame
}

/** Reads data frames as a receiver does: RGB888 in the order of the strip. */
export const inspectFrame: Inspect<Uint8Array> = (bytes) => {
  const [start, kind, high, low] = bytes
  if (start !== START || (kind !== undefined && kind !== DATA)) return 'none'
  if (high === undefined || low === undefined) return 'more'
  const dataBytes = high * 256 + low
  // A header that was cut off is followed by the next one: 'C9 DA' would be a length that no strip has.
  if (dataBytes % BYTES_PER_LED !== 0) return 'none'
  const length = HEADER_BYTES + dataBytes + 1
  if (bytes.length < length) return 'more'
  return bytes[length - 1] === END ? { length, value: bytes.slice(HEADER_BYTES, length - 1) } : 'none'
}

/** The answer to a ping. */
export const inspectReply: Inspect<'alive'> = (bytes) =>
  bytes[0] === REPLY ? { length: 1, value: 'alive' } : 'none'
