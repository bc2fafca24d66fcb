import type { Reading } from '../../core/sensor/reading.ts'
import { foldersWith } from './devices.ts'
import type { SensorFiles } from './files.ts'
import { asReading, largest, readNumber } from './numbers.ts'

/** @see Linux Documentation/ABI/testing/sysfs-class-power */
const HOME = '/sys/class/power_supply'

/** Those of this machine: the battery of a mouse is no supply. */
const supplies = async (files: SensorFiles, kind: string): Promise<readonly string[]> => {
  const all = await foldersWith(files, HOME, { file: 'type', wanted: (type) => type === kind })
  const own: string[] = []
  for (const folder of all) if ((await files.name(`${folder}/scope`)) !== 'Device') own.push(folder)
  return own
}

/** Of the first battery. */
export const readBattery = async (files: SensorFiles): Promise<Reading> => {
  const [battery] = await supplies(files, 'Battery')
  return asReading(battery === undefined ? undefined : await readNumber(files, `${battery}/capacity`))
}

/** Of several chargers one that is fed is enough. */
export const readMains = async (files: SensorFiles): Promise<Reading> => {
  const online: (number | undefined)[] = []
  for (const charger of await supplies(files, 'Mains'))
    online.push(await readNumber(files, `${charger}/online`))
  const most = largest(online)
  return asReading(most === undefined ? undefined : Number(most > 0))
}
