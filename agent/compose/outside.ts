import { join } from 'node:path'
import { openLibc } from '../../drivers/native/libc.ts'
import { createModems } from '../adapters/modem/mmcli.ts'
import { startPlayoutProcess } from '../adapters/playout/child.ts'
import { openPlayout, type PlayoutOptions } from '../adapters/playout/supervised-playout.ts'
import { createSensors } from '../adapters/sensors/sensors.ts'
import { createSystemClock } from '../adapters/system/clock.ts'
import { openHousekeeping } from '../adapters/system/housekeeping.ts'
import { createLinks } from '../adapters/system/links.ts'
import { createMachine } from '../adapters/system/machine.ts'
import { projectFolder } from '../adapters/system/project.ts'
import { createTimeQuality } from '../adapters/system/time-quality.ts'
import type { SensorsConfig } from '../core/sensor-configuration.ts'
import type { Clock } from '../ports/clock.ts'
import type { Links, Modems } from '../ports/links.ts'
import type { Machine } from '../ports/machine.ts'
import type { Playout } from '../ports/playout.ts'
import type { Sensors } from '../ports/sensors.ts'
import type { TimeQuality } from '../ports/time-quality.ts'

/** The machine that the agent runs on, and what follows its time. Whoever lets a year pass in minutes brings others. */
export type Outside = {
  readonly clock: Clock
  readonly quality: TimeQuality
  readonly createMachine: (statePath: string) => Machine
  readonly createLinks: (isModem: (device: string) => boolean) => Links
  readonly modems: Modems
  /** Begins to start the playout process, which then waits to be configured. */
  readonly startPlayout: () => Pick<PlayoutOptions, 'entry' | 'started'>
  readonly createSensors: (config: SensorsConfig, stateFolder: string) => Sensors
  readonly openPlayout: (options: PlayoutOptions) => Playout
  readonly openHousekeeping: typeof openHousekeeping
}

export const ofThisMachine = (): Outside => {
  const libc = openLibc()
  return {
    clock: createSystemClock(),
    quality: createTimeQuality(libc),
    createMachine,
    createLinks,
    // biome-ignore lint/style/noProcessEnv: the address of the bus is found in the environment
    modems: createModems({ environment: process.env }),
    createSensors: (config, stateFolder) =>
      createSensors({ config, stateFolder, leaveMemory: (fd) => libc.dropPages(fd) }),
    startPlayout: () => {
      const entry = join(projectFolder(), 'dist/agent/playout/main.js')
      return { entry, started: startPlayoutProcess({ entry }) }
    },
    openPlayout,
    openHousekeeping,
  }
}
