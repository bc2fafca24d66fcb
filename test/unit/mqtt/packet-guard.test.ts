import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PacketFault, PacketGuard } from '../../../agent/adapters/mqtt/packet-guard.ts'

const MAX_BYTES = 300
const PUBLISH = 0x30

/** Remaining Length as the standard writes it. */
const lengthOf = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 0x80, ...lengthOf(Math.floor(value / 128))]

const packet = (type: number, body: readonly number[], announced = body.length): number[] => [
  type,
  ...lengthOf(announced),
  ...body,
]
const publish = (topic: string, payloadBytes: number): number[] => {
  const name = [...Buffer.from(topic)]
  const head = [name.length >> 8, name.length & 255, ...name]
  return packet(PUBLISH, [...head, ...new Array(payloadBytes).fill(0x82)])
}

/** The first fault, with the stream cut at the given places. */
const judge = (bytes: readonly number[], cuts: readonly number[] = []): PacketFault | undefined => {
  const guard = new PacketGuard(MAX_BYTES)
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  for (const [index, to] of places.entries()) {
    const fault = guard.feed(Uint8Array.from(bytes.slice(places[index - 1] ?? 0, to)))
    if (fault !== undefined) return fault
  }
  return undefined
}

const harmless = fc.oneof(
  fc.constant(packet(0xd0, [])),
  fc
    .tuple(fc.integer({ min: 1, max: 15 }), fc.uint8Array({ maxLength: 200 }))
    .map(([type, body]) => packet(type << 4, [...body])),
)
const anyEnd = fc.oneof(
  fc.constant([]),
  fc.constant(publish('area/vn/schedule', 400)),
  fc.constant(packet(0x90, new Array(400).fill(1))),
  fc.constant([PUBLISH, 0xff, 0xff, 0xff, 0xff, 1]),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => [...bytes]),
)

describe('the guard over the packets of a broker', () => {
  test('comes to the same verdict however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(harmless, { maxLength: 6 }),
        anyEnd,
        fc.array(fc.nat(1500)),
        (before, end, cuts) => {
          const bytes = [...before.flat(), ...end]
          const everyByte = Array.from(bytes, (_, index) => index)
          const whole = judge(bytes)
          expect(judge(bytes, everyByte)).toEqual(whole)
          expect(
            judge(
              bytes,
              cuts.map((cut) => cut % (bytes.length + 1)),
            ),
          ).toEqual(whole)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('lets any row of packets within the limit pass', () => {
    fc.assert(
      fc.property(fc.array(harmless, { maxLength: 12 }), (packets) => {
        const guard = new PacketGuard(MAX_BYTES)
        expect(guard.feed(Uint8Array.from(packets.flat()))).toBeUndefined()
        expect(guard.midPacket).toBe(false)
      }),
    )
  })

  test('counts the whole packet, header included', () => {
    const header = 3
    expect(judge(packet(PUBLISH, new Array(MAX_BYTES - header).fill(1)))).toBeUndefined()
    expect(judge(packet(0x40, new Array(MAX_BYTES - header + 1).fill(1)))).toEqual({
      kind: 'oversize',
      bytes: MAX_BYTES + 1,
      topic: undefined,
    })
  })

  test('names the topic of an oversized PUBLISH before anything of its payload has come', () => {
    const bytes = packet(PUBLISH, [0, 4, ...Buffer.from('ấ/')], 250_000_000)
    expect(judge(bytes)).toEqual({ kind: 'oversize', bytes: 250_000_005, topic: 'ấ/' })
  })

  test('waits for the rest of a topic', () => {
    const guard = new PacketGuard(MAX_BYTES)
    const bytes = Uint8Array.from(publish('area/75/alert', 400))
    expect(guard.feed(bytes.subarray(0, 8))).toBeUndefined()
    expect(guard.midPacket).toBe(true)
    expect(guard.feed(bytes.subarray(8))).toMatchObject({ topic: 'area/75/alert' })
  })

  test.each([
    ['an empty topic', packet(PUBLISH, [0, 0], 400)],
    ['a topic of 60,000 bytes', packet(PUBLISH, [0xea, 0x60], 100_000)],
    ['a packet that is no PUBLISH', packet(0x90, [], 400)],
  ])('gives up %s without a name', (_what, bytes) => {
    expect(judge(bytes)).toMatchObject({ kind: 'oversize', topic: undefined })
  })

  test('refuses a length of five bytes', () => {
    expect(judge([PUBLISH, 0x80, 0x80, 0x80, 0x80])).toEqual({ kind: 'malformed' })
    expect(judge([0x40, 0x80, 0x80, 0x80, 0x01])).toMatchObject({ kind: 'oversize' })
  })
})
