import { LoaError } from '../../core/error.ts'
import type { ChannelSource } from '../../core/sensor-configuration.ts'
import { findDevice } from './devices.ts'
import type { SensorFiles } from './files.ts'
import { firstNumber, readNumber } from './numbers.ts'

const HOME = { iio: '/sys/bus/iio/devices', hwmon: '/sys/class/hwmon' } as const
const MILLI = 1000

/** What all channels of a kind share: `voltage` of `voltage3`, `voltage-voltage` of `voltage0-voltage1`. */
const kindOf = (channel: string): string => channel.replaceAll(/\d+/g, '')

/**
 * Millivolts or milliamperes: (raw + offset) x scale, or what the driver has made of it already.
 * @see Linux Documentation/ABI/testing/sysfs-bus-iio
 */
const readIio = async (files: SensorFiles, folder: string, channel: string): Promise<number | undefined> => {
  const own = `${folder}/in_${channel}`
  const shared = `${folder}/in_${kindOf(channel)}`
  const raw = await readNumber(files, `${own}_raw`)
  if (raw === undefined) return readNumber(files, `${own}_input`)
  const scale = (await firstNumber(files, [`${own}_scale`, `${shared}_scale`])) ?? 1
  const offset = (await firstNumber(files, [`${own}_offset`, `${shared}_offset`])) ?? 0
  return (raw + offset) * scale
}

/** Millivolts or milliamperes. @see Linux Documentation/hwmon/sysfs-interface.rst */
const readHwmon = (files: SensorFiles, folder: string, channel: string): Promise<number | undefined> =>
  readNumber(files, `${folder}/${channel}_input`)

/** A channel in volts or amperes. @throws IO when it is not there, cannot be read, or says no number */
export const readChannel = async (
  files: SensorFiles,
  { driver, device, channel }: ChannelSource,
): Promise<number> => {
  const folder = await findDevice(files, HOME[driver], device)
  if (folder === undefined) throw new LoaError('IO', `there is no ${driver} device ${device}`)
  const read = driver === 'iio' ? readIio : readHwmon
  const milli = await read(files, folder, channel)
  if (milli === undefined) throw new LoaError('IO', `${driver} device ${device} has no channel ${channel}`)
  return milli / MILLI
}
