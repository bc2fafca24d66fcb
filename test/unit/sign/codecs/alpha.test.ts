import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  acknowledge,
  clearMemory,
  clearPriority,
  configureMemory,
  dim,
  PRIORITY,
  setDate,
  setTime,
  softReset,
  speakerOn,
  writePicture,
  writeString,
  writeText,
} from '../../../../drivers/signboard/alpha/commands.ts'
import { type AlphaCommand, encodePacket, inspectPacket } from '../../../../drivers/signboard/alpha/packet.ts'
import { Scanner } from '../../../../drivers/signboard/line/scanner.ts'
import { latinText } from '../../../../drivers/signboard/words.ts'
import { bytesOf, goldenVectors, hexOf } from './golden.ts'
import { behavesOnALine } from './stream.ts'

type Vector = {
  readonly impl: string
  readonly name: string
  readonly hex: string
  readonly delays?: readonly number[]
}
const vectors = goldenVectors<Vector>('alpha')

const counterTargets = ['1', '2', '3', '4', '5'].map((label) => `${label}AU0064FEFE`).join('')
const raw = (code: string, data: string): AlphaCommand => ({ code, data: Buffer.from(data, 'latin1') })
const PLAIN: Readonly<Record<string, AlphaCommand>> = {
  text_A_rotate_middle: writeText('A', 'middle', 'rotate', 'HELLO'),
  priority_text: writeText(PRIORITY, 'middle', 'flash', 'KHAN CAP'),
  priority_clear: clearPriority(),
  clear_memory: clearMemory(),
  soft_reset: softReset(),
  allocate_string1_textA: raw(
    'E',
    latinText(
      configureMemory([
        { label: '1', type: 'string', bytes: 0x20 },
        { label: 'A', type: 'text', bytes: 0x40 },
      ]).data,
    ) + counterTargets,
  ),
}
const SUMMED: Readonly<Record<string, AlphaCommand>> = {
  text_A_HELLO: writeText('A', 'bottom', 'rotate', 'HELLO'),
  date_112126: setDate(2026, 11, 21),
  speaker_on: speakerOn(),
  soft_reset: softReset(),
  // That implementation writes E$$$$ where the others and the manual have E$.
  clear_memory: raw('E', '$$$$'),
  ack_on: acknowledge(true),
  string_1_GIO: writeString('1', 'GIO'),
  smalldots_8x4: writePicture('1', 8, ['11111111', '10000001', '10000001', '11111111']),
}
const commandOf = ({ impl, name }: Vector): AlphaCommand | undefined => {
  if (name === 'text_A_HELLO_nochk') return SUMMED['text_A_HELLO']
  return impl === 'lancereinsmith' ? SUMMED[name] : PLAIN[name]
}
const hasSum = ({ impl, name }: Vector): boolean => impl === 'lancereinsmith' && !name.endsWith('_nochk')

const data = fc
  .array(fc.integer({ min: 0x05, max: 0x7f }), { maxLength: 60 })
  .map((bytes) => Uint8Array.from(bytes))
const command = fc.record({ code: fc.constantFrom('A', 'E', 'G', 'I', 's'), data })

describe('packets of the Alpha protocol', () => {
  test.each(vectors)('$impl $name is encoded as by that implementation', (vector) => {
    const wanted = commandOf(vector)
    const commands = wanted === undefined ? [] : [wanted]
    const { bytes } = encodePacket({ type: 'Z', address: '00', commands }, { checksum: hasSum(vector) })
    expect(hexOf(bytes)).toBe(vector.hex)
  })

  test.each(vectors)('$impl $name is read back', (vector) => {
    const [packet, ...more] = new Scanner(inspectPacket).feed(bytesOf(vector.hex))
    expect(more).toEqual([])
    const wanted = commandOf(vector)
    expect(packet).toEqual({
      type: 'Z',
      address: '00',
      commands: [{ code: wanted?.code, data: Uint8Array.from(wanted?.data ?? []) }],
    })
  })

  test('it rests after STX, and after the size of a picture', () => {
    const [dots] = vectors.filter(({ name }) => name === 'smalldots_8x4')
    const { pauses } = encodePacket(
      { type: 'Z', address: '00', commands: [SUMMED['smalldots_8x4'] ?? softReset()] },
      { checksum: true },
    )
    // The vector counts its pauses as bytes of their own.
    expect(pauses.map(({ before }, i) => before + i)).toEqual(dots?.delays)
    expect(pauses.every(({ ms }) => ms >= 100)).toBe(true)
  })

  test('nested commands each end with ETX, and rest after each STX', () => {
    const { bytes, pauses } = encodePacket(
      { type: 'Z', address: '00', commands: [clearPriority(), softReset()] },
      { checksum: false },
    )
    expect(hexOf(bytes)).toBe('0000000000015a3030' + '02413003' + '02452c03' + '04')
    expect(pauses.map(({ before }) => before)).toEqual([10, 14])
  })

  test('only seven bits travel', () => {
    const { bytes } = encodePacket(
      { type: 'Z', address: '00', commands: [writeText('A', 'fill', 'hold', 'họp thôn')] },
      { checksum: true },
    )
    expect(bytes.every((byte) => byte <= 0x7f)).toBe(true)
  })

  test('the priority file is let go with its label alone', () => {
    expect(latinText(clearPriority().data)).toBe('0')
  })

  test('time and brightness', () => {
    expect(latinText(setTime(7, 5).data)).toBe(' 0705')
    expect(latinText(dim(100).data)).toBe('/0100')
    expect(latinText(dim(60).data)).toBe('/0103')
    expect(latinText(dim(1).data)).toBe('/0104')
  })

  test('pictures have their rows in memory before their columns', () => {
    const files = configureMemory([{ label: 'P', type: 'picture', width: 64, height: 16 }])
    expect(latinText(files.data)).toBe('$PDL10404000')
  })

  test('a run of what could wake a sign is given up, not kept', () => {
    const scanner = new Scanner(inspectPacket)
    scanner.feed(new Uint8Array(100_000))
    expect(scanner.discarded).toBeGreaterThan(99_000)
  })

  test('many packets in one piece are all found', () => {
    const { bytes } = encodePacket(
      { type: 'Z', address: '00', commands: [writeText('A', 'fill', 'hold', 'x'.repeat(200))] },
      { checksum: true },
    )
    const count = 200
    const wire = Buffer.concat(Array.from({ length: count }, () => bytes))
    expect(new Scanner(inspectPacket).feed(wire)).toHaveLength(count)
  })

  describe('on a line', () => {
    behavesOnALine({
      inspect: inspectPacket,
      messages: fc.record({
        type: fc.constantFrom('Z', '^', 'f', '1'),
        address: fc.constantFrom('00', '01', 'FF', '??'),
        commands: fc.array(command, { minLength: 1, maxLength: 3 }),
      }),
      encode: (packet) => encodePacket(packet, { checksum: true }).bytes,
      // The sum does not cover who is meant.
      covered: ({ commands }) => commands,
      // A packet without a sum is allowed: one whose ETX became a letter, or a letter EOT. On the wire parity guards them.
      isUnguarded: (byte) => byte === 0x03 || [0x00, 0x05, 0x06, 0x0c, 0x14, 0x24, 0x44].includes(byte),
    })
  })
})
