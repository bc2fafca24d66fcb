import { describe, expect, test } from 'vitest'
import { checksumOf } from '../../../drivers/signboard/generic/checksum.ts'
import {
  createEncoder,
  type GenericConfig,
  inspectAnswer,
} from '../../../drivers/signboard/generic/generic-signboard.ts'
import { pixelBytes, runsOf } from '../../../drivers/signboard/generic/pixels.ts'
import { Scanner } from '../../../drivers/signboard/line/scanner.ts'

type Pixels = GenericConfig['pixels']
const PLAIN: Pixels = { format: 'mono', rows: 'top-down', layout: 'rows', first: 'high', inverted: false }
const DIGITS = Buffer.from('123456789')
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** `#` is a lit pixel. */
const rgbOf = (...rows: readonly string[]): Uint8Array =>
  Uint8Array.from([...rows.join('')].flatMap((letter) => (letter === '#' ? [255, 255, 255] : [0, 0, 0])))
const sent = (rows: readonly string[], format: Partial<Pixels>): string => {
  const pixels = { ...PLAIN, ...format }
  const size = { width: rows[0]?.length ?? 0, height: rows.length }
  return hex(pixelBytes(rgbOf(...rows), runsOf(size, pixels), pixels))
}

describe('pixels as the board file describes them', () => {
  test.each([
    ['a bit each, the highest first', ['#.......##', '.........#'], {}, '80c00040'],
    ['the lowest first', ['#.......##', '.........#'], { first: 'low' }, '01030002'],
    ['the last row first', ['#.......', '.#......'], { rows: 'bottom-up' }, '4080'],
    ['there and back', ['#.......', '#.......'], { layout: 'serpentine' }, '8001'],
    ['column by column', ['#..', '#.#', '..#'], { layout: 'columns' }, 'c00060'],
    [
      'column by column from below',
      ['#..', '#.#', '..#'],
      { layout: 'columns', rows: 'bottom-up' },
      '6000c0',
    ],
    ['lit is 0', ['#.......'], { inverted: true }, '7f'],
  ] as const)('%s', (_name, rows, format, expected) => {
    expect(sent(rows, format)).toBe(expected)
  })

  test('two bytes a pixel, either first', () => {
    const rgb = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 8, 4, 8)
    const runs = runsOf({ width: 4, height: 1 }, PLAIN)
    expect(hex(pixelBytes(rgb, runs, { ...PLAIN, format: 'rgb565' }))).toBe('f80007e0001f0821')
    expect(hex(pixelBytes(rgb, runs, { ...PLAIN, format: 'rgb565', first: 'low' }))).toBe('00f8e0071f002108')
  })

  test('three bytes a pixel', () => {
    const rgb = Uint8Array.of(1, 2, 3, 4, 5, 6)
    const format = { ...PLAIN, format: 'rgb888', layout: 'serpentine' } as const
    expect(hex(pixelBytes(rgb, runsOf({ width: 1, height: 2 }, format), format))).toBe('010203040506')
  })
})

test.each([
  ['sum8', 'dd'],
  ['xor8', '31'],
  ['crc16-arc', '3dbb'],
  ['crc16-ccitt', '29b1'],
] as const)('the check value of %s is the published one', (kind, expected) => {
  expect(hex(checksumOf(kind, DIGITS))).toBe(expected)
})

describe('a frame as the board file describes it', () => {
  const config: GenericConfig = {
    id: 'gate',
    driver: 'generic-serial',
    port: '/dev/null',
    baud: 9600,
    dataBits: 8,
    parity: 'none',
    stopBits: 1,
    width: 8,
    height: 2,
    header: 'AA 55',
    footer: '0D0A',
    pixels: PLAIN,
  }
  const rgb = rgbOf('#.......', '.......#')

  test('header, pixels, footer', () => {
    expect(hex(createEncoder(config)(rgb))).toBe('aa5580010d0a')
  })

  test('with a sum of the pixels, or of the header too', () => {
    const over = (what: 'pixels' | 'header-and-pixels') =>
      hex(createEncoder({ ...config, checksum: { kind: 'sum8', over: what } })(rgb))
    expect(over('pixels')).toBe('aa558001810d0a')
    expect(over('header-and-pixels')).toBe('aa558001800d0a')
  })

  test('its answers are told apart, and noise between them is counted', () => {
    const scanner = new Scanner(inspectAnswer({ ack: '06 01', nack: '06 15' }))
    expect(scanner.feed(Uint8Array.of(0x06, 0x15, 0x06))).toEqual(['nack'])
    expect(scanner.feed(Uint8Array.of(0x99, 0x06))).toEqual([])
    expect(scanner.feed(Uint8Array.of(0x01))).toEqual(['ack'])
    expect(scanner.discarded).toBe(2)
  })
})
