import type { Inspect } from '../line/scanner.ts'

const HEADER_BYTES = 6
const BYTES_PER_LED = 3
const CHECK = 0x55
/** The header counts LEDs less one in 16 bits. */
export const MOST_LEDS = 65_536

/** One kind of Adalight frame: how it begins, and what follows the data. */
export type AdaKind = {
  readonly magic: readonly [number, number, number]
  readonly trailerBytes: number
  readonly trailerOf: (strip: Uint8Array) => readonly number[]
}

/**
 * Magic, number of LEDs less one (big-endian), its check byte, RGB888 in the order of the strip, trailer.
 * @see hyperion.ng libsrc/leddevice/dev_serial/LedDeviceAdalight.cpp
 */
export const encodeAda =
  ({ magic, trailerBytes, trailerOf }: AdaKind) =>
  (strip: Uint8Array): Uint8Array => {
    const last = strip.length / BYTES_PER_LED - 1
    const [high, low] = [(last >> 8) & 0xff, last & 0xff]
    const frame = new Uint8Array(HEADER_BYTES + strip.length + trailerBytes)
    frame.set([...magic, high, low, high ^ low ^ CHECK])
    frame.set(strip, HEADER_BYTES)
    frame.set(trailerOf(strip), HEADER_BYTES + strip.length)
    return frame
  }

/** Reads frames as a receiver does: RGB888 in the order of the strip. */
export const inspectAda =
  ({ magic, trailerBytes, trailerOf }: AdaKind): Inspect<Uint8Array> =>
  (bytes) => {
    if (magic.some((value, i) => i < bytes.length && bytes[i] !== value)) return 'none'
    const [, , , high, low, check] = bytes
    if (high === undefined || low === undefined || check === undefined) return 'more'
    if (check !== (high ^ low ^ CHECK)) return 'none'
    const end = HEADER_BYTES + (high * 256 + low + 1) * BYTES_PER_LED
    if (bytes.length < end + trailerBytes) return 'more'
    const value = bytes.slice(HEADER_BYTES, end)
    const isWhole = trailerOf(value).every((byte, i) => byte === bytes[end + i])
    return isWhole ? { length: end + trailerBytes, value } : 'none'
  }
