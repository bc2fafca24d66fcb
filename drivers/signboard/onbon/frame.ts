import { crc16 } from '../crc16.ts'
import type { Inspect } from '../line/scanner.ts'

const HEAD = 0xa5
const TAIL = 0x5a
const HEAD_BYTES = 8
const CRC_BYTES = 2
/** The longest frame that is waited for, escapes included. */
const MOST_BYTES = 262_144

const ESCAPED: ReadonlyMap<number, readonly [number, number]> = new Map([
  [HEAD, [0xa6, 0x02]],
  [0xa6, [0xa6, 0x01]],
  [TAIL, [0x5b, 0x02]],
  [0x5b, [0x5b, 0x01]],
])
const MEANT: ReadonlyMap<number, number> = new Map(
  [...ESCAPED].map(([byte, [first, second]]) => [first * 256 + second, byte]),
)

const isEscape = (byte: number): boolean => byte === 0xa6 || byte === 0x5b

/**
 * A frame of the Onbon controllers: eight A5, the body and its CRC (little-endian, over the body as it is meant) with
 * A5, A6, 5A and 5B escaped, 5A.
 */
export const encodeFrame = (body: Uint8Array): Uint8Array => {
  const crc = crc16(body)
  const wire: number[] = new Array(HEAD_BYTES).fill(HEAD)
  for (const byte of [...body, crc & 0xff, crc >> 8]) wire.push(...(ESCAPED.get(byte) ?? [byte]))
  wire.push(TAIL)
  return Uint8Array.from(wire)
}

/**
 * Finds the body of a frame whose CRC is right. A head that lost some of its A5 still counts: that is what they are
 * many for. A5 cannot stand inside of a frame, so that one that was cut is given up where the next begins.
 */
export const inspectFrame: Inspect<Uint8Array> = (bytes) => {
  if (bytes[0] !== HEAD) return 'none'
  let at = 0
  while (bytes[at] === HEAD) at += 1
  const body: number[] = []
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0
    if (byte === TAIL) return whole(body, at + 1)
    if (byte === HEAD) return 'none'
    const meant = isEscape(byte) ? unescaped(byte, bytes[at + 1]) : byte
    if (typeof meant === 'string') return meant
    body.push(meant)
    at += isEscape(byte) ? 2 : 1
  }
  return bytes.length < MOST_BYTES ? 'more' : 'none'
}

const unescaped = (first: number, second: number | undefined): number | 'more' | 'none' =>
  second === undefined ? 'more' : (MEANT.get(first * 256 + second) ?? 'none')

const whole = (checked: readonly number[], length: number): ReturnType<typeof inspectFrame> => {
  const bytes = Uint8Array.from(checked)
  if (bytes.length < CRC_BYTES) return 'none'
  const value = bytes.subarray(0, -CRC_BYTES)
  const [low = 0, high = 0] = bytes.subarray(-CRC_BYTES)
  return crc16(value) === low + high * 256 ? { length, value } : 'none'
}
