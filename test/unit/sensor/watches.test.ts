import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCode } from '../../../agent/core/codes.ts'
import { judge } from '../../../agent/core/sensor/limit.ts'
import {
  plausible,
  type Readings,
  SENSORS,
  type SensorName,
  valuesOf,
} from '../../../agent/core/sensor/reading.ts'
import { sensorWatches } from '../../../agent/core/sensor/watches.ts'
import { readBoard } from '../../../agent/wire/board.ts'
import { BOARD } from '../../fixtures/board.ts'

const { sensors: config } = readBoard(
  {
    ...BOARD,
    sensors: { supply: { device: 'adc', channel: 'voltage0', minVolts: 11, backVolts: 11.5 } },
  },
  'board.yaml',
)
const watches = sensorWatches(config, false)
const FOR_EVER_MS = 1e9

/** What would be told if it lasted. */
const told = (readings: Readings): readonly string[] =>
  watches.flatMap((watch) => {
    const value = watch.value(readings)
    const doubted = judge({ bad: false }, value, watch.limit, 0)
    const { bad } = doubted.bad ? doubted : judge(doubted, value, watch.limit, FOR_EVER_MS)
    return bad ? [`${watch.source} ${watch.code} ${watch.severity}: ${watch.say(readings)}`] : []
  })

describe('what is watched', () => {
  test.each<[Readings, string]>([
    [{ cpu: { value: 83.2 } }, 'cpu TEMPERATURE warning: the processor has 83.2 °C'],
    [{ slowed: { value: 1 } }, 'slowed TEMPERATURE warning: heat makes the processor slower'],
    [
      { undervoltage: { value: 1 } },
      'undervoltage UNDERVOLTAGE alarm: the firmware says that the supply is too low',
    ],
    [{ supply: { value: 10.456 } }, 'supply UNDERVOLTAGE alarm: the supply has 10.46 V'],
    [{ battery: { value: 12 } }, 'battery BATTERY alarm: the battery has 12 %'],
    [{ mains: { value: 0 } }, 'mains MAINS_LOST warning: as the charger says'],
    [{ fan: { value: 0 } }, 'fan FAN warning: the fan turns at 0 rpm'],
    [
      { errors: { value: 4, detail: 'mmcblk0p2' } },
      'errors STORAGE alarm: faults that ext4 counted: 4: mmcblk0p2',
    ],
    [{ wear: { value: 90 } }, 'wear STORAGE warning: of its life the eMMC has used up to 90 %'],
    [{ spare: { value: 2 } }, 'spare STORAGE warning: the eMMC has few spare blocks left'],
    [{ card: { value: 1, detail: 'x' } }, 'card STORAGE alarm: write and read back: 1: x'],
    [{ memory: { value: 20 } }, 'memory OVERLOAD warning: available memory: 20 MB'],
    [{ stalled: { value: 30 } }, 'stalled OVERLOAD warning: everything waits for memory, of the time: 30 %'],
    [{ load: { value: 6 } }, 'load OVERLOAD warning: load of each processor: 6'],
    [{ cpu: { fault: 'it is gone' } }, 'sensor cpu SENSOR warning: cpu: it is gone'],
  ])('%j', (readings, sentence) => expect(told(readings)).toEqual([sentence]))

  test('is nothing on a machine that is well, or has no sensors', () => {
    expect(told({})).toEqual([])
    expect(
      told({
        cpu: { value: 60 },
        undervoltage: { value: 0 },
        undervoltageBefore: { value: 1 },
        supply: { value: 12.4 },
        battery: { value: 80 },
        mains: { value: 1 },
        fan: { value: 1 },
        errors: { value: 0 },
        wear: { value: 80 },
        spare: { value: 1 },
        card: { value: 0 },
        memory: { value: 100 },
        load: { value: 1 },
      }),
    ).toEqual([])
  })

  test('a fan that rests says nothing', () => {
    expect(told({ fan: { value: 0, resting: true } })).toEqual([])
  })

  test('each has a name of its own and a code that may be sent', () => {
    expect(new Set(watches.map(({ source }) => source)).size).toBe(watches.length)
    expect(watches.filter(({ code }) => !isCode(code))).toEqual([])
  })

  test('a charger is not asked of mains where a contact is', () => {
    expect(sensorWatches(config, true).some(({ source }) => source === 'mains')).toBe(false)
  })
})

describe('readings', () => {
  test('that cannot be are faults', () => {
    expect(plausible('cpu', { value: 512 })).toEqual({ fault: 'it says 512 °C' })
    expect(plausible('supply', { value: -32.768 })).toEqual({ fault: 'it says -32.768 V' })
    expect(plausible('battery', { value: 255 })).toEqual({ fault: 'it says 255 %' })
    expect(plausible('load', { value: -1 })).toEqual({ fault: 'it says -1' })
    expect(plausible('cpu', { value: Number.NaN })).toHaveProperty('fault')
  })

  test('of any number are either kept or a fault, never a value beyond what can be', () => {
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(SENSORS) as SensorName[])), fc.double(), (name, value) => {
        const reading = plausible(name, { value })
        const [kept] = Object.values(valuesOf({ [name]: reading }))
        expect(kept === undefined || Number.isFinite(kept)).toBe(true)
      }),
    )
  })
})
