import type { Inspect } from '../line/scanner.ts'
import { readU16, u16 } from '../words.ts'

const MAGIC = 0x55
const REQUEST = 0xa7
const REPLY = 0xa8
const HEADER_BYTES = 16
const SUMMED_FROM = 4
const WORD_BYTES = 4
/** More data than that no packet has: the manual allows 1024 and states 1500 as the end. */
const MOST_DATA_BYTES = 1500
const MOST_REPLY_BYTES = 256
/** 16 bits: good. */
export const GOOD = 0x9000
/** `OK`, which older boards say. */
const GOOD_TEXT = 0x4b4f
/** In `flag` of a request: it wants no reply; of a reply: its argument is a status. */
const STATUS = 1

/** A packet of the second format of JetFile II, in either direction. */
export type JetPacket = {
  readonly isReply: boolean
  readonly source: number
  readonly group: number
  readonly unit: number
  readonly serial: number
  readonly main: number
  readonly sub: number
  readonly flag: number
  /** Filled with zeros to whole words of four bytes. */
  readonly argument: Uint8Array
  readonly data: Uint8Array
}

const sumOf = (bytes: Uint8Array): number => {
  let sum = 0
  for (const byte of bytes) sum += byte
  return sum & 0xffff
}

const EMPTY = new Uint8Array()

/** @see JetFile II protocol 2.5.4, part I, tables 1.2 and 1.3 */
export const encodePacket = (packet: Pick<JetPacket, 'main' | 'sub'> & Partial<JetPacket>): Uint8Array => {
  const { argument = EMPTY, data = EMPTY, source = 0, group = 0, unit = 0, serial = 0, flag = 0 } = packet
  const words = Math.ceil(argument.length / WORD_BYTES)
  const bytes = new Uint8Array(HEADER_BYTES + words * WORD_BYTES + data.length)
  bytes.set([MAGIC, packet.isReply === true ? REPLY : REQUEST])
  bytes.set([...u16(data.length), ...u16(source), group, unit, ...u16(serial)], SUMMED_FROM)
  bytes.set([packet.main, packet.sub, words, flag], 12)
  bytes.set(argument, HEADER_BYTES)
  bytes.set(data, HEADER_BYTES + words * WORD_BYTES)
  bytes.set(u16(sumOf(bytes.subarray(SUMMED_FROM))), 2)
  return bytes
}

/** Finds packets. One that says a length no packet has is not waited for. */
export const inspectPacket: Inspect<JetPacket> = (bytes) => {
  const [magic, direction] = bytes
  if (magic !== MAGIC) return 'none'
  if (direction === undefined) return 'more'
  if (direction !== REQUEST && direction !== REPLY) return 'none'
  if (bytes.length < HEADER_BYTES) return 'more'
  const dataBytes = readU16(bytes, 4)
  const argumentBytes = (bytes[14] ?? 0) * WORD_BYTES
  if (dataBytes > MOST_DATA_BYTES) return 'none'
  const length = HEADER_BYTES + argumentBytes + dataBytes
  if (bytes.length < length) return 'more'
  const isWhole = sumOf(bytes.subarray(SUMMED_FROM, length)) === readU16(bytes, 2)
  return isWhole ? { length, value: read(bytes.slice(0, length), argumentBytes) } : 'none'
}

const read = (bytes: Uint8Array, argumentBytes: number): JetPacket => {
  const [, direction, , , , , , , group = 0, unit = 0, , , main = 0, sub = 0, , flag = 0] = bytes
  return {
    isReply: direction === REPLY,
    source: readU16(bytes, 6),
    group,
    unit,
    serial: readU16(bytes, 10),
    main,
    sub,
    flag,
    argument: bytes.subarray(HEADER_BYTES, HEADER_BYTES + argumentBytes),
    data: bytes.subarray(HEADER_BYTES + argumentBytes),
  }
}

/** Finds replies, which are short: a broken length does not keep the next one waiting. */
export const inspectReply: Inspect<JetPacket> = (bytes) => {
  const found = inspectPacket(bytes.subarray(0, MOST_REPLY_BYTES))
  if (found === 'more') return bytes.length < MOST_REPLY_BYTES ? 'more' : 'none'
  return found !== 'none' && found.value.isReply ? found : 'none'
}

/** What a reply says of its request: undefined when it carries something else. */
export const statusOf = ({ flag, argument, data }: JetPacket): number | undefined => {
  if (flag !== STATUS) return undefined
  const carrier = argument.length >= 2 ? argument : data
  return carrier.length >= 2 ? readU16(carrier, 0) : undefined
}

export const isGood = (status: number): boolean => status === GOOD || status === GOOD_TEXT
