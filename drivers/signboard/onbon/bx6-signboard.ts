import type { SignConfig } from '../../../agent/core/sign-configuration.ts'
import type { Signboard } from '../../../agent/ports/signboard.ts'
import type { SignCodec, Verdict } from '../line/codec.ts'
import { openSerialSignboard, type SerialTrial } from '../line/serial-signboard.ts'
import { eightNone } from '../line/timing.ts'
import { refreshMs } from '../watchdog.ts'
import { type Bx6Answer, encodeCommand, inspectAnswer } from './bx6.ts'
import { encodeDeletedArea, encodePictureArea } from './bx6-area.ts'

export type Bx6Config = Extract<SignConfig, { readonly driver: 'onbon-bx6' }>

const ANSWERS = 0xa0
const TAKEN = 0x00
const BUSY = 3
const AREAS = 0xa7
const DRAW = 0x00
const DELETE = 0x01
const AREA_ID = 0

const judge = ({ group, command, error }: Bx6Answer): Verdict | undefined => {
  if (group !== ANSWERS) return undefined
  if (command === TAKEN) return 'taken'
  return error === BUSY ? 'busy' : { refused: `error ${error}` }
}

/** The whole panel as one area in the memory of the controller, which deletes it when it is not sent again in time. */
export const createBx6Codec = (
  config: Pick<Bx6Config, 'address' | 'deviceType' | 'watchdogSeconds' | 'color'>,
): SignCodec<Bx6Answer> => {
  const head = { to: config.address, deviceType: config.deviceType, group: AREAS }
  const { watchdogSeconds: timeoutSeconds, color: pixels } = config
  return {
    takes: 'raster',
    proof: 'acknowledged',
    inspect: inspectAnswer,
    encode: ({ frame }) => {
      const isDark = frame.rgb.every((value) => value === 0)
      const command = isDark ? DELETE : DRAW
      const data = isDark
        ? encodeDeletedArea(AREA_ID)
        : encodePictureArea({ id: AREA_ID, frame, timeoutSeconds, pixels })
      return [{ bytes: encodeCommand({ ...head, command, data }), judge }]
    },
  }
}

/** Opens a sign behind an Onbon graphic card. Experimental: its frames are known from its maker's SDK, and no card was tried. */
export const openBx6Signboard = (config: Bx6Config, trial?: SerialTrial): Promise<Signboard> => {
  const timing = { reassertMs: refreshMs(config.watchdogSeconds) }
  return openSerialSignboard(
    { panel: config, settings: eightNone(config), codec: createBx6Codec(config), timing },
    trial,
  )
}
