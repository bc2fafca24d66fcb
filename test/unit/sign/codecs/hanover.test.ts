import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  columnsIn,
  columnsOf,
  encodeImage,
  encodePacket,
  inspectPacket,
  STOP_TEST,
} from '../../../../drivers/signboard/hanover/packet.ts'
import { Scanner } from '../../../../drivers/signboard/line/scanner.ts'
import { latinText } from '../../../../drivers/signboard/words.ts'
import { bytesOf, goldenVectors, hexOf } from './golden.ts'
import { behavesOnALine } from './stream.ts'

const vectors = goldenVectors<{ readonly name: string; readonly hex: string }>('hanover')

const frameOf = (width: number, height: number, isLit: (x: number, y: number) => boolean) => {
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      if (isLit(x, y)) rgb.fill(255, (y * width + x) * 3, (y * width + x) * 3 + 3)
  return { width, height, rgb }
}
const ENCODED: Readonly<Record<string, Uint8Array>> = {
  test_stop: encodePacket(STOP_TEST),
  image_16x16_identity_addr5: encodeImage(
    5,
    frameOf(16, 16, (x, y) => x === y),
  ),
}

describe('packets of Hanover signs', () => {
  test.each(vectors)('$name is encoded as by an independent implementation', ({ name, hex }) => {
    expect(hexOf(ENCODED[name] ?? new Uint8Array())).toBe(hex)
  })

  test.each(vectors)('$name is read back', ({ hex }) => {
    const found = new Scanner(inspectPacket).feed(bytesOf(hex))
    expect(found.map((packet) => hexOf(encodePacket(packet)))).toEqual([hex])
  })

  test('the check is that of packets published elsewhere', () => {
    expect(latinText(encodePacket({ command: 1, address: 2 }))).toBe('\x0212\x039A')
    expect(latinText(encodePacket({ command: 1, address: 2, payload: '345' }))).toBe('\x0212345\x03FE')
  })

  test('a column begins at its top, in the lowest bit of its first byte', () => {
    expect(
      latinText(
        encodeImage(
          1,
          frameOf(2, 3, (x, y) => x === 0 && y === 0),
        ),
      ),
    ).toBe('\x0211020100\x0378')
    const tall = frameOf(2, 15, (x, y) => x === 0 && (y === 0 || y === 9))
    expect(latinText(encodeImage(1, tall))).toBe('\x02110401020000\x03B4')
  })

  test('the length of 256 bytes is said as 00, and is right all the same', () => {
    const full = encodeImage(
      1,
      frameOf(128, 16, () => true),
    )
    expect(latinText(full.subarray(0, 5))).toBe('\x021100')
    expect(latinText(full.subarray(-3))).toBe('\x033B')
    const [packet] = new Scanner(inspectPacket).feed(full)
    expect(packet === undefined ? undefined : columnsIn(packet)?.length).toBe(256)
  })

  test('a picture whose length is wrong is none', () => {
    expect(columnsIn({ command: 1, address: 1, payload: '030100' })).toBeUndefined()
    expect(columnsIn({ command: 12, address: 0, payload: '' })).toBeUndefined()
  })

  test('pictures arrive as they were sent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 24 }),
        fc.nat(),
        (width, height, seed) => {
          const frame = frameOf(width, height, (x, y) => ((x * 31 + y * 17 + seed) & 3) === 0)
          const [packet] = new Scanner(inspectPacket).feed(encodeImage(3, frame))
          expect(packet === undefined ? undefined : columnsIn(packet)).toEqual(columnsOf(frame))
        },
      ),
    )
  })

  describe('on a line', () => {
    behavesOnALine({
      inspect: inspectPacket,
      messages: fc.record({
        command: fc.nat(15),
        address: fc.nat(15),
        payload: fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), maxLength: 60 }),
      }),
      encode: encodePacket,
    })
  })
})
