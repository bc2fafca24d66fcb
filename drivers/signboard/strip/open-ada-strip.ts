import type { Signboard } from '../../../agent/ports/signboard.ts'
import { silent } from '../line/codec.ts'
import type { SerialTrial } from '../line/serial-signboard.ts'
import { MOST_LEDS } from './ada-frame.ts'
import { openStrip, type StripConfig, type StripProtocol } from './open-strip.ts'

/** A receiver that waits for `A` in the middle of something takes a pad for the end of it. */
const PAD = Uint8Array.of(0x00)

/**
 * Opens an LED panel behind a receiver of the Adalight family. It says nothing that could be relied upon: what was sent is what is known.
 * @throws CONFIG when the panel has more LEDs than the header can count
 */
export const openAdaStrip = (
  config: StripConfig,
  kind: Pick<StripProtocol<never>, 'name' | 'encodeFrame' | 'pixelByPixel'>,
  trial?: SerialTrial,
): Promise<Signboard> =>
  openStrip(
    config,
    {
      ...kind,
      mostLeds: MOST_LEDS,
      proof: 'sent',
      inspect: silent,
      opening: () => [{ bytes: PAD }],
    },
    trial,
  )
