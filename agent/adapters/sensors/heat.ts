import type { Reading } from '../../core/sensor/reading.ts'
import { foldersWith } from './devices.ts'
import type { SensorFiles } from './files.ts'
import { asReading, largest, readNumber } from './numbers.ts'

const HOME = '/sys/class/thermal'
const PROCESSOR = /cpu|soc|x86_pkg/i
/** What takes speed from the processor; a fan is a cooling device too. */
const SLOWS = /cpufreq|^Processor$/
const MILLI = 1000

/** Of the zone of the processor; zone 0 where none is called so. @see Linux Documentation/ABI/testing/sysfs-class-thermal */
export const readCpu = async (files: SensorFiles): Promise<Reading> => {
  const zones = await foldersWith(files, HOME, {
    prefix: 'thermal_zone',
    file: 'type',
    wanted: (type) => PROCESSOR.test(type),
  })
  const milli = await readNumber(files, `${zones[0] ?? `${HOME}/thermal_zone0`}/temp`)
  return asReading(milli === undefined ? undefined : milli / MILLI)
}

/** Above 0 while the kernel makes the processor slower because of heat. */
export const readSlowedByKernel = async (files: SensorFiles): Promise<number | undefined> => {
  const devices = await foldersWith(files, HOME, {
    prefix: 'cooling_device',
    file: 'type',
    wanted: (type) => SLOWS.test(type),
  })
  const states: (number | undefined)[] = []
  for (const device of devices) states.push(await readNumber(files, `${device}/cur_state`))
  return largest(states)
}
