import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import { type SignCodec, silent } from '../line/codec.ts'
import { openSerialSignboard, type SerialTrial } from '../line/serial-signboard.ts'
import { eightNone, type LineTiming } from '../line/timing.ts'
import { encodeImage, encodePacket, STOP_TEST } from './packet.ts'

export type HanoverConfig = Extract<SignConfig, { readonly driver: 'hanover' }>

/** The wire is slow, and what is on such a panel stays without current. */
const SLOW: Partial<LineTiming> = { reassertMs: 60_000 }

/** Signs that listen and never say anything; a test that somebody left running is stopped. */
export const createHanoverCodec = ({ address }: Pick<HanoverConfig, 'address'>): SignCodec => ({
  takes: 'raster',
  proof: 'sent',
  inspect: silent,
  encode: ({ frame }) => [{ bytes: encodeImage(address, frame) }],
  opening: () => [{ bytes: encodePacket(STOP_TEST) }],
})

/** Opens a flip-dot or LED sign of a bus, on RS-485. */
export const openHanoverSignboard = (config: HanoverConfig, trial?: SerialTrial): Promise<Signboard> => {
  const codec = createHanoverCodec(config)
  return openSerialSignboard({ panel: config, settings: eightNone(config), codec, timing: SLOW }, trial)
}
