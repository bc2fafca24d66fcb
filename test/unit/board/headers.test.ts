import { describe, expect, test } from 'vitest'
import { headerOfBoard, headerOfModel, pinOfLine, pinsUsedBy } from '../../../agent/core/board/header.ts'
import { HEADERS } from '../../../agent/core/board/headers.ts'

describe.each(HEADERS.map((header) => [header.title, header] as const))(
  'the header of the %s',
  (_, header) => {
    test('has whole rows, and each line once', () => {
      expect(header.pins.length % 2).toBe(0)
      const lines = header.pins.flatMap((pin) => (pin.kind === 'gpio' ? [`${pin.chip} ${pin.line}`] : []))
      expect(lines.length).toBeGreaterThan(10)
      expect(new Set(lines).size).toBe(lines.length)
    })

    test('feeds a relay board from a pin of 5 V and one of ground', () => {
      const { volts5, ground } = header.supply
      expect(header.pins[volts5 - 1]?.kind).toBe('5v')
      expect(header.pins[ground - 1]?.kind).toBe('ground')
    })

    test('has the supplies of the Raspberry Pi header in their places, as all these boards do', () => {
      const kinds = [1, 2, 4, 6, 9, 14, 17, 20].map((number) => header.pins[number - 1]?.kind)
      expect(kinds).toEqual(['3v3', '5v', '5v', 'ground', 'ground', 'ground', '3v3', 'ground'])
    })
  },
)

describe('a pin of a header', () => {
  test.each([
    ['Raspberry Pi 4 Model B Rev 1.5', 'pinctrl-bcm2711', 17, 11],
    ['Raspberry Pi 3 Model B Plus Rev 1.3', 'pinctrl-bcm2835', 27, 13],
    ['Raspberry Pi 5 Model B Rev 1.0', 'pinctrl-rp1', 21, 40],
    ['Raspberry Pi Zero 2 W Rev 1.0', 'pinctrl-bcm2835', 4, 7],
    ['Raspberry Pi Compute Module 4 Rev 1.1', 'pinctrl-bcm2711', 6, 31],
    ['OrangePi Zero3', '300b000.pinctrl', 72, 15],
    // GPIO4_B2 and GPIO1_A3 of the maker's numbering, 138 and 35.
    ['Xunlong Orange Pi 5', `gpio${Math.floor(138 / 32)}`, 138 % 32, 11],
    ['Xunlong Orange Pi 5', `gpio${Math.floor(35 / 32)}`, 35 % 32, 26],
    ['FriendlyARM NanoPi NEO 2', '1c20800.pinctrl', 203, 7],
    ['Libre Computer AML-S905X-CC', 'periphs-banks', 96, 29],
    ['Libre Computer AML-S905X-CC', 'aobus-banks', 9, 13],
    ['Hardkernel ODROID-C4', 'periphs-banks', 68, 11],
  ])('of %s is found by its line: %s %i is pin %i', (model, chip, line, number) => {
    const header = headerOfModel(HEADERS, model)
    expect(header && pinOfLine(header, { chip, line })?.number).toBe(number)
  })

  test('is not found on a chip that has none, nor for a model that is not known', () => {
    const [header] = HEADERS
    expect(header && pinOfLine(header, { chip: 'pca9555', line: 17 })).toBe(undefined)
    expect(headerOfModel(HEADERS, 'Raspberry Pi Pico')).toBe(undefined)
    expect(headerOfBoard(HEADERS, [])).toBe(undefined)
  })

  test('of a Raspberry Pi that carries the sound of a HAT is known', () => {
    const header = headerOfBoard(HEADERS, ['Raspberry Pi 4 Model B'])
    expect(header && pinsUsedBy(header, 'i2s').map(({ number }) => number)).toEqual([12, 35, 38, 40])
  })
})
