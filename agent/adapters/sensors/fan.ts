import type { Reading } from '../../core/sensor/reading.ts'
import type { SensorFiles } from './files.ts'
import { readNumber } from './numbers.ts'

const HOME = '/sys/class/hwmon'

/**
 * The first fan whose speed is measured; it rests while its driver gives it no duty.
 * @see Linux Documentation/hwmon/sysfs-interface.rst
 */
export const readFan = async (files: SensorFiles): Promise<Reading> => {
  for (const chip of await files.list(HOME)) {
    const folder = `${HOME}/${chip}`
    const [, number] = /^fan(\d+)_input$/m.exec((await files.list(folder)).join('\n')) ?? []
    if (number === undefined) continue
    const rpm = await readNumber(files, `${folder}/fan${number}_input`)
    if (rpm === undefined) continue
    const duty = await readNumber(files, `${folder}/pwm${number}`)
    return duty === 0 ? { value: rpm, resting: true } : { value: rpm }
  }
  return undefined
}
