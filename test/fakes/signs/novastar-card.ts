import { type Inspect, Scanner } from '../../../drivers/signboard/line/scanner.ts'
import type { Receiver } from './sign-panel.ts'

const BASE_BYTES = 20
const [PORT_AT, IO_AT, ADDRESS_AT, LENGTH_AT, DATA_AT] = [7, 10, 12, 16, 18]
const BRIGHTNESS = 0x02000001
const BLACKOUT = 0x02000100
const EVERY_PORT = 0xff

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256

const sumOf = (bytes: Uint8Array): number =>
  bytes.subarray(2).reduce((sum, value) => (sum + value) & 0xffff, 0x5555)

/** The answer of a card to a request, with its error and its data, written from the description of the protocol. */
export const answerTo = (request: Uint8Array, error: number, data: readonly number[]): Uint8Array => {
  const head = request.slice(0, DATA_AT)
  head.set([0xaa, 0x55, error])
  head.set([0x00, 0xfe], 4)
  head.set([data.length & 0xff, data.length >> 8], LENGTH_AT)
  const body = Uint8Array.from([...head, ...data])
  const sum = sumOf(body)
  return Uint8Array.from([...body, sum & 0xff, sum >> 8])
}

const inspect: Inspect<Uint8Array> = (bytes) => {
  if ([0x55, 0xaa].some((value, i) => i < bytes.length && bytes[i] !== value)) return 'none'
  if (bytes.length < BASE_BYTES) return 'more'
  const isWrite = bytes[IO_AT] === 1
  const length = BASE_BYTES + (isWrite ? u16(bytes, LENGTH_AT) : 0)
  if (length > BASE_BYTES + 256) return 'none'
  if (bytes.length < length) return 'more'
  const value = bytes.slice(0, length)
  return u16(value, length - 2) === sumOf(value.subarray(0, -2)) ? { length, value } : 'none'
}

/** A sending card with receiving cards behind it: they have a brightness and may be black. What is for all of them is not answered. */
export const createNovastarCard = (): Receiver => {
  const scanner = new Scanner(inspect)
  const registers = new Map([
    [BRIGHTNESS, 255],
    [BLACKOUT, 0],
  ])
  return {
    feed: (bytes) =>
      scanner.feed(bytes).map((request) => {
        const address = u16(request, ADDRESS_AT) + u16(request, ADDRESS_AT + 2) * 65_536
        const isWrite = request[IO_AT] === 1
        return {
          apply: () => {
            if (isWrite) registers.set(address, request[DATA_AT] ?? 0)
          },
          ...(request[PORT_AT] === EVERY_PORT
            ? {}
            : { ack: answerTo(request, 0, isWrite ? [] : [registers.get(address) ?? 0]) }),
        }
      }),
    seen: () => `${registers.get(BRIGHTNESS)} ${registers.get(BLACKOUT) === 0 ? 'lit' : 'black'}`,
    discarded: () => scanner.discarded,
  }
}
