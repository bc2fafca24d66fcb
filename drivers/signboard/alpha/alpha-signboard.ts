import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { EpochMs } from '../../../agent/core/time.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import { openSerialSignboard, type SerialTrial } from '../line/serial-signboard.ts'
import type { LineTiming } from '../line/timing.ts'
import { localTime } from '../local-time.ts'
import { createAlphaCodec, type LayoutMemory } from './alpha-codec.ts'

export type AlphaConfig = Extract<SignConfig, { readonly driver: 'alpha' }>

/** Each write makes the sign blink; it keeps what it has through a short loss of power. */
const SELDOM: Partial<LineTiming> = { reassertMs: 600_000, replyMs: 2000 }

/** A second was enough for a BetaBrite. */
const RESTART_MS = 2000

/** Opens a sign of the Alpha and BetaBrite family; `memory` is what is known of its memory from before. */
export const openAlphaSignboard = (
  config: AlphaConfig,
  wall: () => EpochMs,
  memory: LayoutMemory,
  trial: SerialTrial & { readonly restartMs?: number } = {},
): Promise<Signboard> => {
  const settings = {
    path: config.port,
    baudRate: config.baud,
    dataBits: 7,
    parity: 'even',
    stopBits: 1,
  } as const
  const codec = createAlphaCodec({
    ...config,
    dims: config.brightness !== undefined,
    now: () => localTime(wall(), config.utcHours),
    memory,
    restartMs: trial.restartMs ?? RESTART_MS,
  })
  return openSerialSignboard({ panel: config, settings, codec, timing: SELDOM }, trial)
}
