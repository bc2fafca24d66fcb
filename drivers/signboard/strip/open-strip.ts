import { LoaError } from '../../../agent/core/error.ts'
import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import type { SignCodec } from '../line/codec.ts'
import { openSerialSignboard, type SerialTrial } from '../line/serial-signboard.ts'
import { eightNone } from '../line/timing.ts'
import { dimmed } from './dimmed.ts'
import { stripOf } from './strip.ts'

export type StripConfig = Extract<SignConfig, { readonly driver: 'adalight' | 'awa' | 'tpm2' }>

export type StripProtocol<R> = Omit<SignCodec<R>, 'takes' | 'encode'> & {
  readonly name: string
  readonly mostLeds: number
  /** A frame of RGB888 in the order of the strip. */
  readonly encodeFrame: (strip: Uint8Array) => Uint8Array
}

/**
 * Opens a panel that is one strip of LEDs, every frame of which is sent whole.
 * @throws CONFIG when the panel has more LEDs than the protocol can count
 */
export const openStrip = async <R>(
  config: StripConfig,
  { name, mostLeds, encodeFrame, ...protocol }: StripProtocol<R>,
  trial?: SerialTrial,
): Promise<Signboard> => {
  const { width, height, layout, color } = config
  const leds = width * height
  if (leds > mostLeds)
    throw new LoaError('CONFIG', `sign ${config.id}: ${name} carries at most ${mostLeds} LEDs, not ${leds}`)
  const codec: SignCodec<R> = {
    ...protocol,
    takes: 'raster',
    encode: ({ frame, percent }) => [{ bytes: encodeFrame(dimmed(stripOf(frame, layout, color), percent)) }],
  }
  return openSerialSignboard({ panel: config, settings: eightNone(config), codec }, trial)
}
