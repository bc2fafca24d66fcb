import { messageOf } from '../../core/error.ts'
import { type Reading, type Readings, SENSORS, type SensorName } from '../../core/sensor/reading.ts'
import type { ChannelSource, SensorsConfig } from '../../core/sensor-configuration.ts'
import type { Sensors } from '../../ports/sensors.ts'
import { readLoad, readMemory, readStalled } from './burden.ts'
import { readChannel } from './channel.ts'
import { readFan } from './fan.ts'
import { createSensorFiles, type SensorFiles, type SensorFilesOptions } from './files.ts'
import { readSlowed, readSlowedBefore, readUndervoltage, readUndervoltageBefore } from './firmware.ts'
import { readCpu } from './heat.ts'
import { readBattery, readMains } from './power.ts'
import { readErrors, readSpare, readWear } from './storage.ts'
import { type LeaveMemory, tryCard } from './try-card.ts'

type Source = (files: SensorFiles, config: SensorsConfig) => Promise<Reading>

const SOURCES: Readonly<Record<SensorName, Source>> = {
  cpu: readCpu,
  slowed: readSlowed,
  slowedBefore: readSlowedBefore,
  undervoltage: readUndervoltage,
  undervoltageBefore: readUndervoltageBefore,
  supply: async (files, { supply }) =>
    supply && { value: (await readChannel(files, supply)) * supply.divider },
  current: async (files, { current }) =>
    current && { value: ((await readChannel(files, current)) - current.zero) * current.factor },
  battery: readBattery,
  mains: readMains,
  fan: readFan,
  errors: readErrors,
  wear: readWear,
  spare: readSpare,
  card: () => Promise.resolve(undefined),
  memory: readMemory,
  stalled: readStalled,
  load: readLoad,
}
const NAMES = Object.keys(SENSORS) as SensorName[]

const orFault = async <R extends Reading>(reading: Promise<R>): Promise<R | { readonly fault: string }> => {
  try {
    return await reading
  } catch (error) {
    return { fault: messageOf(error) }
  }
}

export type SensorsOptions = SensorFilesOptions & {
  readonly config: SensorsConfig
  /** Lies on the disk that is tried. */
  readonly stateFolder: string
  readonly leaveMemory: LeaveMemory
}

/** The sensors of this machine, one after the other: a slow bus holds one thread of the pool and no more. */
export const createSensors = ({ config, stateFolder, leaveMemory, ...options }: SensorsOptions): Sensors => {
  const files = createSensorFiles(config.root, options)
  return {
    read: async () => {
      const readings: Partial<Record<SensorName, Reading>> = {}
      for (const name of NAMES) readings[name] = await orFault(SOURCES[name](files, config))
      return readings satisfies Readings
    },
    channel: (source: ChannelSource) =>
      orFault(readChannel(files, source).then((value): Exclude<Reading, undefined> => ({ value }))),
    tryCard: () => tryCard(stateFolder, leaveMemory),
  }
}
