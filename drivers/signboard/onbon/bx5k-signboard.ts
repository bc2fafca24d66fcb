import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { EpochMs } from '../../../agent/core/time.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import { openSerialSignboard, type SerialTrial } from '../line/serial-signboard.ts'
import { eightNone } from '../line/timing.ts'
import { localTime } from '../local-time.ts'
import { refreshMs } from '../watchdog.ts'
import { createBx5kCodec } from './bx5k-codec.ts'

export type Bx5kConfig = Extract<SignConfig, { readonly driver: 'onbon-bx5k' }>

/** Opens a sign behind an Onbon font card, which draws texts itself, without accents. */
export const openBx5kSignboard = (
  config: Bx5kConfig,
  wall: () => EpochMs,
  trial?: SerialTrial,
): Promise<Signboard> => {
  const { watchdogSeconds, utcHours } = config
  const codec = createBx5kCodec({
    ...config,
    dims: config.brightness !== undefined,
    now: () => localTime(wall(), utcHours),
  })
  const timing = { reassertMs: refreshMs(watchdogSeconds) }
  return openSerialSignboard({ panel: config, settings: eightNone(config), codec, timing }, trial)
}
