import * as v from 'valibot'
import { fits } from './board-fault.ts'
import { about, absolutePath } from './config-scalars.ts'
import { integer, matching, quantity } from './scalars.ts'
import { strictFields } from './shape.ts'

const channelSource = {
  driver: about(
    v.optional(v.picklist(['iio', 'hwmon']), 'iio'),
    'Where the kernel shows the channel: iio below /sys/bus/iio/devices, hwmon below /sys/class/hwmon.',
  ),
  device: about(
    matching(/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,63}$/, 64, 'a name such as ads1015 or iio:device0'),
    'What its file `name` or `label` says, or its folder.',
  ),
  channel: about(
    matching(
      /^(?:(?:voltage|current)\d{1,2}(?:-voltage\d{1,2})?|(?:in|curr)\d{1,2})$/,
      24,
      'a channel such as voltage0 or current0 (iio), in1 or curr1 (hwmon)',
    ),
    'Channel of the device, without in_ and _raw or _input.',
  ),
}

const hold = (seconds: number) => ({
  holdSeconds: about(
    v.optional(integer(0, 3_600), seconds),
    'How long it must last to begin, and to be over.',
  ),
})

/** The value at which it is over must be on the good side of the one at which it begins. */
const apart = <T extends Readonly<Record<A | B, number>>, A extends string, B extends string>(
  bad: A,
  back: B,
  higher: boolean,
) =>
  fits<T>((value) => {
    const isApart = higher ? value[bad] > value[back] : value[bad] < value[back]
    return isApart ? [] : [{ path: [back], message: `expected a value ${higher ? 'below' : 'above'} ${bad}` }]
  })

const temperature = v.pipe(
  strictFields({
    maxC: about(v.optional(quantity(30, 120), 80), 'Degrees of the processor from which on it is too hot.'),
    backC: about(v.optional(quantity(20, 119), 75), 'Degrees at which that is over.'),
    ...hold(30),
  }),
  apart('maxC', 'backC', true),
)

const supply = v.pipe(
  strictFields({
    ...channelSource,
    divider: about(
      v.optional(quantity(0.001, 10_000), 1),
      'How many times the voltage at the pin the supply is.',
    ),
    minVolts: about(quantity(0, 400), 'Volts below which the supply is too low.'),
    backVolts: about(quantity(0, 400), 'Volts at which that is over.'),
    ...hold(10),
  }),
  apart('minVolts', 'backVolts', false),
)

const current = strictFields({
  ...channelSource,
  zero: about(
    v.optional(quantity(-100, 100), 0),
    'What the channel says, in volts or amperes, when nothing flows.',
  ),
  factor: about(
    v.optional(quantity(-10_000, 10_000), 1),
    'Amperes for each volt of a voltage channel; 1 of a current channel.',
  ),
})

const battery = v.pipe(
  strictFields({
    minPercent: about(v.optional(quantity(0, 99), 20), 'Charge at which the battery is nearly empty.'),
    backPercent: about(v.optional(quantity(1, 100), 30), 'Charge at which that is over.'),
    ...hold(60),
  }),
  apart('minPercent', 'backPercent', false),
)

const memory = v.pipe(
  strictFields({
    minMb: about(v.optional(quantity(0, 65_536), 32), 'MiB available at which memory is short.'),
    backMb: about(v.optional(quantity(1, 65_536), 48), 'MiB at which that is over.'),
    ...hold(60),
  }),
  apart('minMb', 'backMb', false),
)

const load = v.pipe(
  strictFields({
    max: about(
      v.optional(quantity(0.1, 1_000), 4),
      'Load of each processor (of five minutes) that is too much.',
    ),
    back: about(v.optional(quantity(0, 999), 3), 'Load at which that is over.'),
    ...hold(300),
  }),
  apart('max', 'back', true),
)

/** The sensors of the board: what is found by itself has bounds, what is wired has its place too. */
export const sensors = strictFields({
  root: about(
    v.optional(absolutePath, '/'),
    'The folder that holds sys and proc; another one is for trials.',
  ),
  everySeconds: about(v.optional(integer(1, 600), 10), 'How often sensors are read.'),
  temperature: about(v.optional(temperature, {}), 'Of the processor.'),
  supply: about(v.exactOptional(supply), 'The channel that measures the supply.'),
  current: about(v.exactOptional(current), 'The channel that measures the current of the supply.'),
  battery: about(v.optional(battery, {}), 'Found by itself where the kernel knows one.'),
  fan: about(
    v.optional(
      strictFields({
        minRpm: about(v.optional(quantity(1, 100_000), 1), 'Turns a minute below which it stands still.'),
        ...hold(60),
      }),
      {},
    ),
    'Found by itself where its speed is measured.',
  ),
  storage: about(
    v.optional(
      strictFields({
        maxWearPercent: about(
          v.optional(integer(1, 110), 90),
          'Used up of the life of an eMMC, which counts in tenths, from which on it is told.',
        ),
      }),
      {},
    ),
    'Found by itself.',
  ),
  memory: about(v.optional(memory, {}), 'Of the whole machine.'),
  load: about(v.optional(load, {}), 'Of the whole machine.'),
})

/** Where the current of a loudspeaker line is read. */
export const speakerLine = strictFields({
  ...channelSource,
  openBelow: about(
    v.optional(quantity(0.01, 0.75), 0.4),
    'Below this share of the learned load the line may be open.',
  ),
  shortAbove: about(
    v.optional(quantity(1.3, 100), 2.5),
    'Above this multiple of the learned load it may be short-circuited.',
  ),
})
