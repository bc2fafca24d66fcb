import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import type { SerialTrial } from '../line/serial-signboard.ts'
import { openAdaStrip } from '../strip/open-ada-strip.ts'
import { encodeFrame } from './frame.ts'

export type AdalightConfig = Extract<SignConfig, { readonly driver: 'adalight' }>

/**
 * Opens an LED panel behind an Adalight receiver (Adalight, Hyperion, WLED and their kin). It never answers.
 * @throws CONFIG when the panel has more LEDs than the header can count
 */
export const openAdalightSignboard = (config: AdalightConfig, trial?: SerialTrial): Promise<Signboard> =>
  openAdaStrip(config, { name: 'Adalight', encodeFrame, pixelByPixel: true }, trial)
