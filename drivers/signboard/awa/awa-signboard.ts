import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import type { SerialTrial } from '../line/serial-signboard.ts'
import { openAdaStrip } from '../strip/open-ada-strip.ts'
import { encodeFrame } from './frame.ts'

export type AwaConfig = Extract<SignConfig, { readonly driver: 'awa' }>

/**
 * Opens an LED panel behind an AWA receiver (HyperSerial), which shows no spoilt frame.
 * @throws CONFIG when the panel has more LEDs than the header can count
 */
export const openAwaSignboard = (config: AwaConfig, trial?: SerialTrial): Promise<Signboard> =>
  openAdaStrip(config, { name: 'AWA', encodeFrame }, trial)
