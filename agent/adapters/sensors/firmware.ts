import type { Reading } from '../../core/sensor/reading.ts'
import { foldersWith } from './devices.ts'
import type { SensorFiles } from './files.ts'
import { readSlowedByKernel } from './heat.ts'
import { asReading, hexOf, largest, readNumber } from './numbers.ts'

/**
 * What the firmware of a Raspberry Pi says of supply and heat.
 * @see Linux drivers/hwmon/raspberrypi-hwmon.c; the Raspberry Pi's documentation of `vcgencmd get_throttled`
 */
const THROTTLED = '/sys/devices/platform/soc/soc:firmware/get_throttled'
/** Bits of get_throttled as it is now; the same as it was since the machine was started are 16 higher. */
const BITS = { low: 0x1, throttled: 0x4, softLimit: 0x8 } as const
const BEFORE = 16

const throttled = async (files: SensorFiles): Promise<number | undefined> => {
  const text = await files.text(THROTTLED)
  return text === undefined ? undefined : hexOf(THROTTLED, text)
}

/** The alarm of the kernel's driver, which asks the firmware every two seconds. */
const alarm = async (files: SensorFiles): Promise<number | undefined> => {
  const [chip] = await foldersWith(files, '/sys/class/hwmon', {
    file: 'name',
    wanted: (name) => name === 'rpi_volt',
  })
  return chip === undefined ? undefined : readNumber(files, `${chip}/in0_lcrit_alarm`)
}

/** 1 when one of those that are known is set. */
const either = (...flags: readonly (number | undefined)[]): Reading => {
  const most = largest(flags)
  return asReading(most === undefined ? undefined : Number(most > 0))
}
const bit = (bits: number | undefined, mask: number): number | undefined =>
  bits === undefined ? undefined : bits & mask

export const readUndervoltage = async (files: SensorFiles): Promise<Reading> =>
  either(bit(await throttled(files), BITS.low), await alarm(files))

/** A supply that is too low makes the firmware throttle too: that is no sign of heat. */
const slowedBy = (bits: number | undefined): number | undefined =>
  bit(bits, bit(bits, BITS.low) === BITS.low ? BITS.softLimit : BITS.softLimit | BITS.throttled)

export const readSlowed = async (files: SensorFiles): Promise<Reading> =>
  either(slowedBy(await throttled(files)), await readSlowedByKernel(files))

const throttledBefore = async (files: SensorFiles): Promise<number | undefined> => {
  const bits = await throttled(files)
  return bits === undefined ? undefined : bits >>> BEFORE
}

export const readUndervoltageBefore = async (files: SensorFiles): Promise<Reading> =>
  either(bit(await throttledBefore(files), BITS.low))

export const readSlowedBefore = async (files: SensorFiles): Promise<Reading> =>
  either(slowedBy(await throttledBefore(files)))
