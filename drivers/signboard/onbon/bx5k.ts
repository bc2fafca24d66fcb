import type { Inspect } from '../line/scanner.ts'
import { readU16, u16 } from '../words.ts'
import { encodeFrame, inspectFrame } from './frame.ts'

/** Where programs of a computer are answered at. */
const HOST = 0x8000
const ANY_DEVICE = 0xfe
const PROTOCOL = 0x02
const HEADER_BYTES = 14
/** Of the header, where the length of the data stands. */
const LENGTH_AT = 12
const COMMAND_BYTES = 5

/** A packet of the BX-5K and BX-6K font cards, the header without what is always the same. */
export type Bx5kPacket = {
  readonly to: number
  readonly from: number
  readonly group: number
  readonly command: number
  /** Of a command: 1 an answer is wanted, 2 not. Of an answer: the error, 0 none. */
  readonly reply: number
  /** Two bytes that most commands leave 0. */
  readonly reserved: number
  readonly data: Uint8Array
}

export const ANSWER = 1

/** The frame of a packet. @see LuckyKoala/BX5KProtocol, onbonlab/bx.k.java */
export const encodePacket = ({
  to,
  from = HOST,
  group,
  command,
  reply = ANSWER,
  reserved = 0,
  data = new Uint8Array(),
}: Pick<Bx5kPacket, 'to' | 'group' | 'command'> & Partial<Bx5kPacket>): Uint8Array => {
  const length = COMMAND_BYTES + data.length
  const header = [...u16(to), ...u16(from), 0, 0, 0, 0, 0, 0, ANY_DEVICE, PROTOCOL, ...u16(length)]
  return encodeFrame(Uint8Array.from([...header, group, command, reply, ...u16(reserved), ...data]))
}

/** Finds packets in either direction. */
export const inspectPacket: Inspect<Bx5kPacket> = (bytes) => {
  const frame = inspectFrame(bytes)
  if (typeof frame === 'string') return frame
  const body = frame.value
  const isWhole =
    body.length >= HEADER_BYTES + COMMAND_BYTES && readU16(body, LENGTH_AT) === body.length - HEADER_BYTES
  return isWhole ? { length: frame.length, value: read(body) } : 'none'
}

const read = (body: Uint8Array): Bx5kPacket => {
  const [group = 0, command = 0, reply = 0] = body.subarray(HEADER_BYTES)
  return {
    to: readU16(body, 0),
    from: readU16(body, 2),
    group,
    command,
    reply,
    reserved: readU16(body, HEADER_BYTES + 3),
    data: body.subarray(HEADER_BYTES + COMMAND_BYTES),
  }
}
