import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { EpochMs } from '../../../agent/core/time.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import { openSerialSignboard, type SerialTrial } from '../line/serial-signboard.ts'
import { eightNone, type LineTiming } from '../line/timing.ts'
import { localTime } from '../local-time.ts'
import { createAm03127Codec } from './am03127-codec.ts'

export type Am03127Config = Extract<SignConfig, { readonly driver: 'am03127' }>

/** The sign is dark while it listens: it is asked rarely, and what it is asked is told it anyway. */
const RARELY: Partial<LineTiming> = { pingMs: 300_000 }
const UNKNOWN = { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0, weekday: 4 } as const

/** Opens a sign of the Amplus family, which keeps its pages in flash. */
export const openAm03127Signboard = (
  config: Am03127Config,
  wall: () => EpochMs,
  trial?: SerialTrial,
): Promise<Signboard> => {
  const codec = createAm03127Codec({
    ...config,
    id: config.signId,
    dims: config.brightness !== undefined,
    now: () => localTime(wall(), config.utcHours) ?? UNKNOWN,
  })
  return openSerialSignboard({ panel: config, settings: eightNone(config), codec, timing: RARELY }, trial)
}
