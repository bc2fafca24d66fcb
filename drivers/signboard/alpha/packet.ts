import type { Inspect } from '../line/scanner.ts'
import { hex, latin, latinText } from '../words.ts'

const NUL = 0x00
const SOH = 0x01
const STX = 0x02
const ETX = 0x03
const EOT = 0x04
const WAKE_BYTES = 5
const HEADER_BYTES = 4
const SUM_DIGITS = 4
/** Below it stand the bytes that frame a packet: none of them is data. */
const LOWEST_DATA = 0x05
const HIGHEST_DATA = 0x7f
const MOST_WAKE_BYTES = 64
/** A picture of 31 rows by 255 columns and what goes with it. */
const MOST_BYTES = 16_384
/** The sign needs it after STX where commands are nested, and after the size of a picture. */
const PAUSE_MS = 100

/** `code` names what is done, as `A` writes a text; `pauseAt`: silences before bytes of the data, by their index. */
export type AlphaCommand = {
  readonly code: string
  readonly data: Uint8Array
  readonly pauseAt?: readonly number[]
}
/** `type` is a kind of sign, `Z` all; `address` two hexadecimal digits, `00` all. */
export type AlphaPacket = {
  readonly type: string
  readonly address: string
  readonly commands: readonly AlphaCommand[]
}
export type EncodedPacket = {
  readonly bytes: Uint8Array
  readonly pauses: readonly { readonly before: number; readonly ms: number }[]
}

const sumOf = (bytes: Iterable<number>): number => {
  let sum = 0
  for (const byte of bytes) sum += byte
  return sum & 0xffff
}

const sumDigits = (bytes: Iterable<number>): Uint8Array => latin(hex(sumOf(bytes), SUM_DIGITS))

/**
 * A packet of the Alpha protocol, of which only seven bits of a byte travel. A check sum lets a sign refuse what came
 * broken. @see Alpha Sign Communications Protocol 9708-8061
 */
export const encodePacket = (
  { type, address, commands }: AlphaPacket,
  options: { readonly checksum: boolean },
): EncodedPacket => {
  const bytes = [...new Array(WAKE_BYTES).fill(NUL), SOH, ...latin(type), ...latin(address)]
  const pauses: { before: number; ms: number }[] = []
  for (const { code, data, pauseAt = [] } of commands) {
    const start = bytes.length
    bytes.push(STX, ...latin(code), ...data)
    pauses.push({ before: start + 1, ms: PAUSE_MS })
    for (const index of pauseAt) pauses.push({ before: start + 2 + index, ms: PAUSE_MS })
    if (options.checksum) bytes.push(ETX, ...sumDigits([...bytes.slice(start), ETX]))
    else if (commands.length > 1) bytes.push(ETX)
  }
  bytes.push(EOT)
  return { bytes: Uint8Array.from(bytes), pauses }
}

/**
 * Finds packets in either direction; one whose check sum is wrong is none. What frames a packet stands nowhere inside, so
 * that one that was cut is given up where the next begins.
 */
export const inspectPacket: Inspect<AlphaPacket> = (all) => {
  const bytes = all.subarray(0, MOST_BYTES)
  const found = inspectWoken(bytes)
  return found === 'more' && bytes.length === MOST_BYTES ? 'none' : found
}

const inspectWoken: Inspect<AlphaPacket> = (bytes) => {
  let at = 0
  while (bytes[at] === NUL && at <= MOST_WAKE_BYTES) at += 1
  if (at > MOST_WAKE_BYTES) return 'none'
  if (at === bytes.length) return 'more'
  const header = bytes.subarray(at + 1, at + HEADER_BYTES)
  if (bytes[at] !== SOH || !header.every(isData)) return 'none'
  const rest = inspectCommands(bytes.subarray(at + HEADER_BYTES))
  if (typeof rest === 'string') return rest
  const [type = '', ...address] = latinText(header)
  const value = { type, address: address.join(''), commands: rest.value }
  return { length: at + HEADER_BYTES + rest.length, value }
}

/** From the first STX to EOT. */
const inspectCommands: Inspect<readonly AlphaCommand[]> = (bytes) => {
  const commands: AlphaCommand[] = []
  let at = 0
  while (bytes[at] === STX) {
    const command = inspectCommand(bytes.subarray(at))
    if (typeof command === 'string') return command
    commands.push(command.value)
    at += command.length
  }
  if (at >= bytes.length) return 'more'
  return bytes[at] === EOT && commands.length > 0 ? { length: at + 1, value: commands } : 'none'
}

const isData = (byte: number): boolean => byte >= LOWEST_DATA && byte <= HIGHEST_DATA

/** From STX up to what follows: the next STX, or EOT. */
const inspectCommand: Inspect<AlphaCommand> = (bytes) => {
  let end = 1
  while (end < bytes.length && isData(bytes[end] ?? 0)) end += 1
  if (end === bytes.length) return 'more'
  if (end === 1) return 'none'
  const value = { code: String.fromCharCode(bytes[1] ?? 0), data: bytes.slice(2, end) }
  if (bytes[end] !== ETX) return bytes[end] === EOT ? { length: end, value } : 'none'
  const sum = bytes.subarray(end + 1, end + 1 + SUM_DIGITS)
  if (sum.length === 0) return 'more'
  if (sum[0] === STX || sum[0] === EOT) return { length: end + 1, value }
  if (sum.length < SUM_DIGITS) return 'more'
  const isRight = sumDigits(bytes.subarray(0, end + 1)).every((digit, i) => digit === sum[i])
  return isRight ? { length: end + 1 + SUM_DIGITS, value } : 'none'
}
