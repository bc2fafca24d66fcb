import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { EpochMs } from '../../../agent/core/time.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import { openSerialSignboard, type SerialTrial } from '../line/serial-signboard.ts'
import { eightNone } from '../line/timing.ts'
import { localTime } from '../local-time.ts'
import { refreshMs } from '../watchdog.ts'
import { createJetfile2Codec } from './jetfile2-codec.ts'

export type Jetfile2Config = Extract<SignConfig, { readonly driver: 'jetfile2' }>

/** Opens a sign that speaks JetFile II, as those of Chainzone and Sigma do. */
export const openJetfile2Signboard = (
  config: Jetfile2Config,
  wall: () => EpochMs,
  trial?: SerialTrial,
): Promise<Signboard> => {
  const codec = createJetfile2Codec({
    ...config,
    dims: config.brightness !== undefined,
    now: () => localTime(wall(), config.utcHours),
  })
  const timing = { reassertMs: refreshMs(config.watchdogSeconds) }
  return openSerialSignboard({ panel: config, settings: eightNone(config), codec, timing }, trial)
}
