import { describe, expect, test } from 'vitest'
import { readBoard } from '../../../agent/wire/board.ts'
import { BOARD, faultsOf, pathsOf } from '../../fixtures/board.ts'

const withSensors = (sensors: unknown) => ({ ...BOARD, sensors })
const withLine = (speakerLine: unknown) => ({
  ...BOARD,
  amplifiers: [
    { id: 'main', driver: 'virtual', speakerLine },
    { id: 'yard', driver: 'shared', relay: 'main', speakerLine },
  ],
})

describe('sensors of a board file', () => {
  test('need no word: every bound has a default', () => {
    expect(readBoard(BOARD, 'b').sensors).toEqual({
      root: '/',
      everySeconds: 10,
      temperature: { maxC: 80, backC: 75, holdSeconds: 30 },
      battery: { minPercent: 20, backPercent: 30, holdSeconds: 60 },
      fan: { minRpm: 1, holdSeconds: 60 },
      storage: { maxWearPercent: 90 },
      memory: { minMb: 32, backMb: 48, holdSeconds: 60 },
      load: { max: 4, back: 3, holdSeconds: 300 },
    })
  })

  test('name the channel of the supply with its divider and bounds', () => {
    const supply = { device: 'ads1015', channel: 'voltage0', divider: 6, minVolts: 11, backVolts: 11.5 }
    expect(readBoard(withSensors({ supply }), 'b').sensors.supply).toEqual({
      driver: 'iio',
      holdSeconds: 10,
      ...supply,
    })
    expect(pathsOf(withSensors({ supply: { device: 'a', channel: 'voltage0' } }))).toEqual([
      'sensors.supply.minVolts',
      'sensors.supply.backVolts',
    ])
  })

  test.each([
    ['temperature', { maxC: 70, backC: 75 }, 'sensors.temperature.backC', 'below maxC'],
    ['temperature', { maxC: 75 }, 'sensors.temperature.backC', 'below maxC'],
    ['battery', { backPercent: 20 }, 'sensors.battery.backPercent', 'above minPercent'],
    ['memory', { minMb: 64 }, 'sensors.memory.backMb', 'above minMb'],
    ['load', { max: 2 }, 'sensors.load.back', 'below max'],
  ])('%s %j is over on the good side of where it begins', (sensor, bounds, path, message) => {
    expect(faultsOf(withSensors({ [sensor]: bounds }))).toEqual([
      { path, message: expect.stringContaining(message) },
    ])
  })

  test('name devices and channels as the kernel does, and no path', () => {
    const current = (channel: string, device = 'ads1015') =>
      pathsOf(withSensors({ current: { driver: 'hwmon', device, channel } }))
    for (const channel of ['curr1', 'in0', 'voltage0', 'current3', 'voltage0-voltage1'])
      expect(current(channel)).toEqual([])
    for (const channel of ['../../x', 'in_voltage0_raw', 'temp1', ''])
      expect(current(channel)).toEqual(['sensors.current.channel'])
    expect(current('curr1', '../x')).toEqual(['sensors.current.device'])
  })
})

describe('the loudspeaker line of an amplifier', () => {
  test('has bounds by itself, also where the relay is shared', () => {
    const line = { driver: 'iio', device: 'ads1015', channel: 'voltage1', openBelow: 0.4, shortAbove: 2.5 }
    const { amplifiers } = readBoard(withLine({ device: 'ads1015', channel: 'voltage1' }), 'b')
    expect(amplifiers.map(({ speakerLine }) => speakerLine)).toEqual([line, line])
  })

  test('cannot be suspect of what it is', () => {
    expect(pathsOf(withLine({ device: 'a', channel: 'voltage1', openBelow: 1, shortAbove: 1 }))).toEqual([
      'amplifiers.0.speakerLine.openBelow',
      'amplifiers.0.speakerLine.shortAbove',
      'amplifiers.1.speakerLine.openBelow',
      'amplifiers.1.speakerLine.shortAbove',
    ])
  })
})
