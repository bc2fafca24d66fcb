import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import { silent } from '../line/codec.ts'
import type { SerialTrial } from '../line/serial-signboard.ts'
import { openStrip } from '../strip/open-strip.ts'
import { encodeFrame, MOST_LEDS } from './frame.ts'

export type AdalightConfig = Extract<SignConfig, { readonly driver: 'adalight' }>

/** A receiver that waits for `A` in the middle of something takes a pad for the end of it. */
const PAD = Uint8Array.of(0x00)

/**
 * Opens an LED panel behind an Adalight receiver (Adalight, Hyperion, WLED and their kin). It never answers: what was sent is what is known.
 * @throws CONFIG when the panel has more LEDs than the header can count
 */
export const openAdalightSignboard = (config: AdalightConfig, trial?: SerialTrial): Promise<Signboard> =>
  openStrip(
    config,
    {
      name: 'Adalight',
      mostLeds: MOST_LEDS,
      encodeFrame,
      proof: 'sent',
      inspect: silent,
      opening: () => [{ bytes: PAD }],
    },
    trial,
  )
