import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import type { SerialTrial } from '../line/serial-signboard.ts'
import { openStrip } from '../strip/open-strip.ts'
import { encodeFrame, inspectReply, MOST_LEDS, PING } from './frame.ts'

export type Tpm2Config = Extract<SignConfig, { readonly driver: 'tpm2' }>

/**
 * Opens an LED panel behind a TPM2 receiver. With `answers` it is pinged and known to be gone when it is silent;
 * of its pixels nothing is said all the same. Some receivers miscount lengths: 86 LEDs may show as 85.
 * @throws CONFIG when the panel has more LEDs than the header can count
 */
export const openTpm2Signboard = (config: Tpm2Config, trial?: SerialTrial): Promise<Signboard> =>
  openStrip(
    config,
    {
      name: 'TPM2',
      mostLeds: MOST_LEDS,
      encodeFrame,
      proof: 'sent',
      pixelByPixel: true,
      inspect: inspectReply,
      ...(config.answers ? { ping: () => ({ bytes: PING, judge: () => 'taken' as const }) } : {}),
    },
    trial,
  )
