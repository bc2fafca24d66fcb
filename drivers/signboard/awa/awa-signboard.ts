import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import { silent } from '../line/codec.ts'
import type { SerialTrial } from '../line/serial-signboard.ts'
import { openStrip } from '../strip/open-strip.ts'
import { encodeFrame, MOST_LEDS } from './frame.ts'

export type AwaConfig = Extract<SignConfig, { readonly driver: 'awa' }>

/** A receiver that waits for `A` in the middle of something takes a pad for the end of it. */
const PAD = Uint8Array.of(0x00)

/**
 * Opens an LED panel behind an AWA receiver (HyperSerial). It shows no spoilt frame, and says nothing that could be relied upon.
 * @throws CONFIG when the panel has more LEDs than the header can count
 */
export const openAwaSignboard = (config: AwaConfig, trial?: SerialTrial): Promise<Signboard> =>
  openStrip(
    config,
    {
      name: 'AWA',
      mostLeds: MOST_LEDS,
      encodeFrame,
      proof: 'sent',
      inspect: silent,
      opening: () => [{ bytes: PAD }],
    },
    trial,
  )
