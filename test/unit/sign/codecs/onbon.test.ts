import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc16 } from '../../../../drivers/signboard/crc16.ts'
import { Scanner } from '../../../../drivers/signboard/line/scanner.ts'
import { encodeAreas, type TextArea } from '../../../../drivers/signboard/onbon/area.ts'
import { encodePacket, inspectPacket } from '../../../../drivers/signboard/onbon/bx5k.ts'
import { encodeCommand, inspectAnswer, inspectCommand } from '../../../../drivers/signboard/onbon/bx6.ts'
import { packBits } from '../../../../drivers/signboard/onbon/bx6-area.ts'
import { encodeFrame, inspectFrame } from '../../../../drivers/signboard/onbon/frame.ts'
import { bytesOf, goldenVectors, hexOf } from './golden.ts'
import { behavesOnALine } from './stream.ts'

const vectors = goldenVectors<{ readonly name: string; readonly frame_hex: string }>('onbon-bx5k')

const AREA: TextArea = {
  id: 0,
  x: 0,
  y: 0,
  width: 192,
  height: 32,
  lineSpace: 0,
  runMode: 'loop',
  timeoutSeconds: 2,
  align: 0x0a,
  lines: 'several',
  wrap: false,
  movement: 'still',
  speed: 4,
  stay: 5,
  text: Buffer.from('0123456789'),
}
const published: TextArea = {
  ...AREA,
  align: 0,
  wrap: true,
  movement: 'left',
  text: bytesOf('3031323334355152535454562742'),
}
const ENCODED: Readonly<Record<string, Uint8Array>> = {
  ping: encodePacket({ to: 1, group: 0xa2, command: 0x00 }),
  ping_published: encodePacket({ to: 1, group: 0xa2, command: 0x00 }),
  queryStatus: encodePacket({ to: 1, group: 0xa1, command: 0x02 }),
  clearScreen: encodePacket({ to: 1, group: 0xa3, command: 0x10 }),
  display_ascii: encodeAreas(1, [], AREA),
  realtime_text_published: encodeAreas(1, [], published),
}

describe('frames of Onbon font cards', () => {
  test.each(vectors)('$name is encoded as by an independent implementation', ({ name, frame_hex }) => {
    expect(hexOf(ENCODED[name] ?? new Uint8Array())).toBe(frame_hex)
  })

  test.each(vectors)('$name is read back', ({ frame_hex }) => {
    const found = new Scanner(inspectPacket).feed(bytesOf(frame_hex))
    expect(found.map((packet) => hexOf(encodePacket(packet)))).toEqual([frame_hex])
  })

  test('the CRC is CRC-16/ARC', () => {
    expect(crc16(Buffer.from('123456789'))).toBe(0xbb3d)
    expect(crc16(new Uint8Array())).toBe(0)
  })

  test('what means something to the line is escaped between head and tail, in the CRC too', () => {
    const wire = encodeFrame(bytesOf('a5a65a5b'))
    expect(hexOf(wire.subarray(8, 16))).toBe('a602a6015b025b01')
    expect(wire.subarray(8, -1).some((byte) => byte === 0xa5 || byte === 0x5a)).toBe(false)
    const withEscapedCrc = Array.from({ length: 0x10000 }, (_, i) => Uint8Array.of(i >> 8, i & 0xff)).find(
      (body) => [0xa5, 0xa6, 0x5a, 0x5b].includes(crc16(body) & 0xff),
    )
    const frame = encodeFrame(withEscapedCrc ?? new Uint8Array())
    expect(new Scanner(inspectFrame).feed(frame)).toEqual([withEscapedCrc])
  })

  test('a head that lost seven of its eight bytes is a head, and one of twelve too', () => {
    const frame = encodeFrame(bytesOf('0102'))
    const scanner = new Scanner(inspectFrame)
    expect(scanner.feed(frame.subarray(7)).map(hexOf)).toEqual(['0102'])
    expect(scanner.feed(Buffer.concat([bytesOf('a5a5a5a5'), frame])).map(hexOf)).toEqual(['0102'])
    expect(scanner.discarded).toBe(0)
  })

  test('an escape that stands for nothing is no frame', () => {
    for (const broken of ['a503', '5b00', 'a6ff']) {
      const scanner = new Scanner(inspectFrame)
      expect(scanner.feed(bytesOf(`a5a5${broken}00005a`))).toEqual([])
    }
  })

  test('a packet that says another length than it has is none', () => {
    const body = bytesOf('0100008000000000000000fe020600a200010000')
    expect(new Scanner(inspectPacket).feed(encodeFrame(body))).toEqual([])
  })

  test('areas are deleted by their ids, or all of them', () => {
    const dataOf = (frame: Uint8Array) => hexOf(new Scanner(inspectPacket).feed(frame)[0]?.data ?? frame)
    expect(dataOf(encodeAreas(1, [0, 3], undefined))).toBe('02000300')
    expect(dataOf(encodeAreas(1, 'all', undefined))).toBe('ff00')
  })

  test('an area that the controller deletes by itself says so', () => {
    const [packet] = new Scanner(inspectPacket).feed(
      encodeAreas(1, [], { ...AREA, runMode: 'loop-until-stale', timeoutSeconds: 300 }),
    )
    expect([...(packet?.data.subarray(15, 18) ?? [])]).toEqual([2, 300 & 0xff, 300 >> 8])
  })

  describe('on a line', () => {
    behavesOnALine({
      inspect: inspectPacket,
      messages: fc.record({
        to: fc.nat(0xffff),
        from: fc.nat(0xffff),
        group: fc.nat(0xff),
        command: fc.nat(0xff),
        reply: fc.nat(0xff),
        reserved: fc.nat(0xffff),
        data: fc.oneof(
          fc.uint8Array({ maxLength: 80 }),
          fc
            .array(fc.constantFrom(0xa5, 0xa6, 0x5a, 0x5b, 0x01, 0x02), { maxLength: 40 })
            .map((bytes) => Uint8Array.from(bytes)),
        ),
      }),
      encode: encodePacket,
    })
  })
})

describe('frames of Onbon graphic cards', () => {
  test('a command has a header of 16 bytes, the length of what follows in its last four', () => {
    const [body] = new Scanner(inspectFrame).feed(
      encodeCommand({ to: 1, deviceType: 0x0266, group: 0xa7, command: 0x00, data: bytesOf('aabb') }),
    )
    expect(hexOf(body ?? new Uint8Array())).toBe('01000080f00066020000000005000000' + '01a700aabb')
  })

  test('an answer says whether it was taken', () => {
    const answer = (command: string, error: string) =>
      encodeFrame(bytesOf(`0080feff0000660200000000090000000${'0a0'}${command}0000${error}0000`))
    const scanner = new Scanner(inspectAnswer)
    expect(scanner.feed(answer('00', '0000'))).toEqual([{ group: 0xa0, command: 0x00, error: 0 }])
    expect(scanner.feed(answer('01', '0300'))).toEqual([{ group: 0xa0, command: 0x01, error: 3 }])
  })

  test('pixels of one colour fill words of 32, lit ones are 0', () => {
    const frame = { width: 33, height: 1, rgb: new Uint8Array(33 * 3) }
    frame.rgb.set([1], 0)
    frame.rgb.set([1], 31 * 3)
    frame.rgb.set([1], 32 * 3)
    expect(hexOf(packBits(frame))).toBe('feffff7f' + 'ffffff7f')
  })

  describe('on a line', () => {
    behavesOnALine({
      inspect: inspectCommand,
      messages: fc.record({
        to: fc.nat(0xffff),
        deviceType: fc.nat(0xffff),
        group: fc.nat(0xff),
        command: fc.nat(0xff),
        data: fc.uint8Array({ maxLength: 60 }),
      }),
      encode: encodeCommand,
    })
  })
})
