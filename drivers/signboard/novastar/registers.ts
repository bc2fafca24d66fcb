import { DeviceType, IO, Packet, REQUEST, RESPONSE } from '@novastar/codec'
import type { Inspect } from '../line/scanner.ts'

/** Registers of a receiving card. */
export const BRIGHTNESS = 0x02000001
export const BLACKOUT = 0x02000100

const COMPUTER = 0xfe
const HEAD = Uint8Array.of(RESPONSE & 0xff, RESPONSE >> 8)
const LENGTH_AT = Packet.getOffsetOf('length')
/** Of the answers that are waited for, all are much shorter. */
const LONGEST_DATA = 256

/** Which receiving cards are meant: those of an output of the sending card, by their place in its chain. */
export type Cards = { readonly port: number; readonly index: number }
export const ALL_CARDS: Cards = { port: 0xff, index: 0xffff }
export const FIRST_CARD: Cards = { port: 0, index: 0 }

const rawOf = (size: number, fill: (packet: InstanceType<typeof Packet>) => void): Uint8Array => {
  const packet = new Packet(Packet.baseSize + size)
  packet.head = REQUEST
  packet.source = COMPUTER
  packet.deviceType = DeviceType.ReceivingCard
  fill(packet)
  Packet.crc(packet, true)
  return Uint8Array.from(Packet.raw(packet))
}

/** Writes one byte. `serial` (0 to 255) comes back in the answer. */
export const encodeWrite = (
  serial: number,
  { port, index }: Cards,
  address: number,
  value: number,
): Uint8Array =>
  rawOf(1, (packet) => {
    packet.serno = serial
    packet.port = port
    packet.rcvIndex = index
    packet.io = IO.Write
    packet.address = address
    packet.length = 1
    packet.data[0] = value
  })

/** Asks for one byte. */
export const encodeRead = (serial: number, { port, index }: Cards, address: number): Uint8Array =>
  rawOf(0, (packet) => {
    packet.serno = serial
    packet.port = port
    packet.rcvIndex = index
    packet.io = IO.Read
    packet.address = address
    packet.length = 1
  })

/** `error` is 0 when the card did as it was told. */
export type CardAnswer = { readonly serial: number; readonly error: number; readonly data: Uint8Array }

/** Finds answers of cards. */
export const inspectAnswer: Inspect<CardAnswer> = (bytes) => {
  if (HEAD.some((value, i) => i < bytes.length && bytes[i] !== value)) return 'none'
  if (bytes.length < Packet.baseSize) return 'more'
  const dataBytes = (bytes[LENGTH_AT] ?? 0) + (bytes[LENGTH_AT + 1] ?? 0) * 256
  if (dataBytes > LONGEST_DATA) return 'none'
  const length = Packet.baseSize + dataBytes
  if (bytes.length < length) return 'more'
  const packet = new Packet(Buffer.from(bytes.subarray(0, length)))
  if (Packet.crc(packet) !== packet.crc) return 'none'
  return { length, value: { serial: packet.serno, error: packet.ack, data: Uint8Array.from(packet.data) } }
}
