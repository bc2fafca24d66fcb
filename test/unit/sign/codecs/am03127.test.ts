import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBlock, encodeBlocks } from '../../../../drivers/signboard/am03127/blocks.ts'
import {
  blockName,
  brightness,
  deleteAll,
  deleteTimetable,
  runPage,
  setClock,
  writeBlock,
  writeLine,
} from '../../../../drivers/signboard/am03127/commands.ts'
import {
  type AmplusPacket,
  encodePacket,
  inspectPacket,
  inspectReply,
} from '../../../../drivers/signboard/am03127/packet.ts'
import { Scanner } from '../../../../drivers/signboard/line/scanner.ts'
import { bytesOf, goldenVectors, hexOf } from './golden.ts'
import { behavesOnALine } from './stream.ts'

const vectors = goldenVectors<{ readonly name: string; readonly hex: string }>('am03127')

const PACKETS: Readonly<Record<string, AmplusPacket>> = {
  broadcast_delete_all: { id: 0, payload: deleteAll() },
  delete_schedule_A: { id: 1, payload: deleteTimetable('A') },
  run_page_A: { id: 1, payload: runPage('A') },
  'clock_2026-11-21_sat_070500': {
    id: 1,
    payload: setClock({ year: 2026, weekday: 6, month: 11, day: 21, hour: 7, minute: 5, second: 0 }),
  },
  brightness_C: { id: 1, payload: brightness(50) },
  doc_example_graphic_in_page: { id: 1, payload: '<L1><PA><FA><MA><WC><FA><GA1>' },
  set_id_05: { newId: 5 },
}

const text = fc
  .string({ unit: fc.constantFrom(...' ABCXYZabc0189.,:!?/+-()'), maxLength: 60 })
  .map((letters) => `<L1><PA><FA><MA><WC><FA>${letters}`)
const block = fc.uint8Array({ minLength: 64, maxLength: 64 })

describe('packets of the AM03127', () => {
  test.each(vectors)('$name is encoded as by an independent implementation', ({ name, hex }) => {
    expect(hexOf(encodePacket(PACKETS[name] ?? { id: 0, payload: '' }))).toBe(hex)
  })

  test.each(vectors)('$name is read back', ({ name, hex }) => {
    expect(new Scanner(inspectPacket).feed(bytesOf(hex))).toEqual([PACKETS[name]])
  })

  test('a page says how it comes, stays and goes', () => {
    expect(writeLine(1, 'A', 'still', 2, '<GA1>')).toBe('<L1><PA><FA><MQ><WC><FK><GA1>')
    expect(writeLine(2, 'B', 'scroll', 25, 'x')).toBe('<L2><PB><FE><MQ><WZ><FE>x')
  })

  test('blocks are named eight a page', () => {
    expect([0, 7, 8, 127].map(blockName)).toEqual(['<GA1>', '<GA8>', '<GB1>', '<GP8>'])
  })

  test('brightness is the nearest of four', () => {
    expect([100, 88, 87, 75, 60, 50, 30, 0].map(brightness)).toEqual([
      '<BA>',
      '<BA>',
      '<BB>',
      '<BB>',
      '<BC>',
      '<BC>',
      '<BD>',
      '<BD>',
    ])
  })

  test('a block that holds the bytes of an end is whole all the same', () => {
    const bytes = new Uint8Array(64).fill(0x20)
    bytes.set(Buffer.from('00<E>'), 10)
    const packet = { id: 1, payload: writeBlock(0, bytes) }
    const scanner = new Scanner(inspectPacket)
    expect(scanner.feed(encodePacket(packet))).toEqual([packet])
    expect(scanner.discarded).toBe(0)
  })

  describe('on a line', () => {
    behavesOnALine<AmplusPacket>({
      inspect: inspectPacket,
      messages: fc.oneof(
        fc.record({ id: fc.nat(0xff), payload: text }),
        fc
          .tuple(fc.nat(0xff), fc.nat(127), block)
          .map(([id, index, bytes]) => ({ id, payload: writeBlock(index, bytes) })),
      ),
      encode: encodePacket,
      // The check covers neither id nor what is not a message any more.
      covered: (packet) => ('payload' in packet ? packet.payload : undefined),
    })
  })
})

describe('replies of the AM03127', () => {
  const read = (said: string, size = said.length) => {
    const scanner = new Scanner(inspectReply)
    const found = []
    for (let at = 0; at < said.length; at += size)
      found.push(...scanner.feed(Buffer.from(said.slice(at, at + size), 'latin1')))
    return found
  }

  test('are found byte by byte, between noise and with the byte that follows a NACK', () => {
    for (const size of [1, 3, 100])
      expect(read('\xff\x00ACK\x00NACK\x6cACKxNAxACK', size)).toEqual(['ACK', 'NACK', 'ACK', 'ACK'])
  })
})

describe('blocks of a picture', () => {
  const frameOf = (width: number, height: number, lit: ReadonlyMap<number, readonly number[]>) => {
    const rgb = new Uint8Array(width * height * 3)
    for (const [pixel, color] of lit) rgb.set(color, pixel * 3)
    return { width, height, rgb }
  }

  test('red, green, yellow and dark as in the manual', () => {
    const lit = new Map([
      [0, [255, 0, 0]],
      [1, [0, 255, 0]],
      [2, [255, 255, 0]],
    ])
    expect(encodeBlock(frameOf(32, 8, lit), 0, 0, 'rgb')[0]).toBe(0b10_01_11_00)
  })

  test('the places that were found on a real sign by lighting single bytes', () => {
    const at = (x: number, y: number) =>
      encodeBlock(frameOf(32, 8, new Map([[y * 32 + x, [255, 0, 0]]])), 0, 0, 'mono').findIndex(
        (byte) => byte !== 0,
      )
    expect(at(0, 0)).toBe(0)
    expect(at(7, 0)).toBe(1)
    expect(at(3, 1)).toBe(2)
    expect(at(0, 4)).toBe(8)
    expect(at(8, 0)).toBe(16)
    expect(at(31, 3)).toBe(55)
  })

  test('a panel that is no multiple of a block is filled with dark', () => {
    const rgb = new Uint8Array(80 * 12 * 3).fill(255)
    const blocks = encodeBlocks({ width: 80, height: 12, rgb }, 'mono')
    expect(blocks.map((line) => line.length)).toEqual([3, 3])
    expect(blocks[0]?.[2]?.filter((byte) => byte !== 0)).toHaveLength(32)
    expect(blocks[1]?.[2]?.filter((byte) => byte !== 0)).toHaveLength(16)
  })
})
