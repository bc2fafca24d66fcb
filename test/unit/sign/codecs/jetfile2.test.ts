import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBmp } from '../../../../drivers/signboard/jetfile2/bmp.ts'
import {
  blackScreen,
  connectionTest,
  emergencyText,
  powerOn,
  readParameters,
  setTime,
  writeFile,
} from '../../../../drivers/signboard/jetfile2/commands.ts'
import {
  encodePacket,
  GOOD,
  inspectPacket,
  inspectReply,
  isGood,
  statusOf,
} from '../../../../drivers/signboard/jetfile2/packet.ts'
import {
  letterContent,
  pause,
  pictureContent,
  simpleWrite,
  textFile,
} from '../../../../drivers/signboard/jetfile2/text.ts'
import { Scanner } from '../../../../drivers/signboard/line/scanner.ts'
import { latin, latinText } from '../../../../drivers/signboard/words.ts'
import { bytesOf, goldenVectors, hexOf } from './golden.ts'
import { behavesOnALine } from './stream.ts'

const vectors = goldenVectors<{ readonly name: string; readonly hex: string }>('jetfile2')
const framed = vectors.filter(({ hex }) => hex.startsWith('55'))

const ENCODED: Readonly<Record<string, Uint8Array>> = {
  connection_test_serial1: encodePacket({ ...connectionTest(), serial: 1 }),
  go_test_golden_connection_test: encodePacket({ ...connectionTest(), serial: 1 }),
  black_screen_on: encodePacket({ ...blackScreen(true), serial: 2 }),
  power_on: encodePacket({ ...powerOn(), group: 1, unit: 2, serial: 4 }),
  read_params: encodePacket({ ...readParameters(), serial: 7 }),
  reply_ok_9000: encodePacket({
    isReply: true,
    main: 0x02,
    sub: 0x04,
    serial: 8,
    flag: 1,
    argument: bytesOf('0090'),
  }),
  pause5s: latin(pause(5)),
  go_test_golden_padding: encodePacket({
    main: 0x02,
    sub: 0x04,
    source: 0x0102,
    group: 3,
    unit: 4,
    serial: 0x1234,
    flag: 1,
    argument: bytesOf('ff0102'),
    data: bytesOf('4142'),
  }),
  go_test_simple_ram_path: simpleWrite('ETAA', 'Hi'),
}

const packets = fc.record({
  isReply: fc.boolean(),
  source: fc.nat(0xffff),
  group: fc.nat(0xff),
  unit: fc.nat(0xff),
  serial: fc.nat(0xffff),
  main: fc.nat(0xff),
  sub: fc.nat(0xff),
  flag: fc.nat(1),
  argument: fc.nat(6).chain((words) => fc.uint8Array({ minLength: words * 4, maxLength: words * 4 })),
  data: fc.uint8Array({ maxLength: 60 }),
})

describe('packets of JetFile II', () => {
  test.each(vectors)('$name is encoded as by an independent implementation', ({ name, hex }) => {
    expect(hexOf(ENCODED[name] ?? new Uint8Array())).toBe(hex)
  })

  test.each(framed)('$name is read back', ({ hex }) => {
    const found = new Scanner(inspectPacket).feed(bytesOf(hex))
    expect(found.map((packet) => hexOf(encodePacket(packet)))).toEqual([hex])
  })

  test('a reply says how it went', () => {
    const [reply] = new Scanner(inspectReply).feed(bytesOf('55a8a00000000000000008000204010100900000'))
    expect(reply === undefined ? undefined : statusOf(reply)).toBe(GOOD)
    expect([0x9000, 0x4b4f, 0x9002].map(isGood)).toEqual([true, true, false])
  })

  test('a request is no reply, and a reply of a length that none has is not waited for', () => {
    const scanner = new Scanner(inspectReply)
    const request = encodePacket(connectionTest())
    expect(scanner.feed(request)).toEqual([])
    const broken = Uint8Array.from(bytesOf('55a8000058020000000008000204010100900000'))
    const good = bytesOf('55a8a00000000000000008000204010100900000')
    expect(
      scanner.feed(Buffer.concat([broken, ...Array.from({ length: 14 }, () => good)])).length,
    ).toBeGreaterThan(0)
  })

  test('a length beyond any packet is no packet', () => {
    const scanner = new Scanner(inspectPacket)
    const header = bytesOf('55a70000ffff00000000010003010000')
    const whole = encodePacket(connectionTest())
    expect(scanner.feed(Buffer.concat([header, whole]))).toHaveLength(1)
    expect(scanner.discarded).toBe(header.length)
  })

  test('a file goes in packets of 512 bytes that count themselves', () => {
    const parts = writeFile('picture', 'E', 'A', new Uint8Array(1025))
    expect(parts.map(({ data }) => data?.length)).toEqual([512, 512, 1])
    expect(parts.map(({ argument = new Uint8Array() }) => hexOf(argument))).toEqual(
      ['0100', '0200', '0300'].map((number) => `4500${'41'.padEnd(24, '0')}01040000` + `00020300${number}`),
    )
    expect(writeFile('text', 'E', 'A', new Uint8Array())).toHaveLength(1)
  })

  test('an emergency text says for how long it stays', () => {
    expect(hexOf(emergencyText(textFile('x'), 90).argument ?? new Uint8Array())).toBe('5a000000')
    expect(latinText(emergencyText(textFile('x'), 90).data ?? new Uint8Array())).toBe('\x01Z00\x02A0x\x04')
  })

  test('pauses beyond 99 seconds have four digits', () => {
    expect([0, 99, 100, 20_000].map(pause)).toEqual(['\x0e000', '\x0e099', '\x0e20100', '\x0e29999'])
  })

  test('a text is in the largest font that fits', () => {
    const style = { color: 'red', movement: 'still', seconds: 5 } as const
    const fontOf = (rows: number) => letterContent('x', { ...style, rows }).split('\x1a')[1]?.[0]
    expect([7, 16, 24, 40, 5].map(fontOf)).toEqual(['1', '4', '6', '8', '0'])
  })

  test('a picture is called by disk and label', () => {
    expect(pictureContent('E', 'A', 10)).toContain('\x14EA')
  })

  test('the time is in decimal digits, Sunday the first day, zones from twelve hours behind UTC', () => {
    const { argument = new Uint8Array() } = setTime({
      year: 2026,
      month: 11,
      day: 22,
      hour: 7,
      minute: 5,
      second: 9,
      weekday: 0,
      utcHours: 7,
    })
    expect(hexOf(argument)).toBe('26201122070509' + '0113000000')
  })

  describe('on a line', () => {
    behavesOnALine({
      inspect: inspectPacket,
      messages: packets,
      encode: encodePacket,
      isUnguarded: (_, i) => i < 2,
      mostAwaited: 16 + 1020 + 1500,
    })
  })
})

describe('pictures for JetFile II', () => {
  const rgb = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200, 200, 0)
  const frame = { width: 3, height: 2, rgb }

  test('one bit a pixel, rows from the bottom, filled to four bytes', () => {
    const bmp = encodeBmp(frame, 'mono')
    expect(latinText(bmp.subarray(0, 2))).toBe('BM')
    expect(hexOf(bmp.subarray(-8))).toBe('20000000' + 'c0000000')
    expect(bmp[28]).toBe(1)
    expect(bmp.length).toBe(14 + 40 + 8 + 8)
  })

  test('four bits a pixel with the full colours', () => {
    const bmp = encodeBmp(frame, 'rgb')
    expect(hexOf(bmp.subarray(-8))).toBe('00300000' + '12000000')
    expect(hexOf(bmp.subarray(54 + 4 * 3, 54 + 4 * 3 + 4))).toBe('00ffff00')
  })
})
