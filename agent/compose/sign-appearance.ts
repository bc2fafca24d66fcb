import { createQrCode } from '../adapters/qr/qr-code.ts'
import { createZone } from '../core/schedule/zone.ts'
import { layIdlePages } from '../core/sign/idle.ts'
import { lightAt } from '../core/sign/light.ts'
import { PLAIN_LOOK, type SignLook } from '../core/sign/look.ts'
import type { SignConfig } from '../core/sign-configuration.ts'
import type { SignControlOptions } from '../services/sign-control.ts'
import type { TimeKeeper } from '../services/time-keeper.ts'
import type { Ground } from './ground.ts'

/** LEDs that are on or off are lit in proportion to the dots of a picture. */
const MONO_GAMMA = 2.2

const colorOf = (sign: SignConfig): SignLook['color'] => {
  if ('color' in sign) return sign.color
  return 'pixels' in sign && sign.pixels.format === 'mono' ? 'mono' : 'rgb'
}

/** How the signs of the board look, by day and by night and while nobody has them. */
export function signAppearance(
  { board, config, clock }: Ground,
  time: TimeKeeper,
): Required<Pick<SignControlOptions, 'lookOf' | 'idlePages' | 'lightOf'>> {
  const zone = createZone(config.timezone)
  const wall = () => (time.state === 'unset' ? undefined : clock.wall())
  const settingsOf = (id: string) => board.signs.find((sign) => sign.id === id)
  return {
    lookOf: (id): SignLook | undefined => {
      const sign = settingsOf(id)
      if (sign === undefined) return undefined
      const color = colorOf(sign)
      const gamma = color === 'mono' ? MONO_GAMMA : PLAIN_LOOK.gamma
      return { ...PLAIN_LOOK, color, gamma, ...sign.look }
    },
    idlePages: (id, panel) =>
      layIdlePages(settingsOf(id)?.idle ?? [], panel, { wall, zone, qrOf: createQrCode }),
    lightOf: (id) => lightAt(settingsOf(id) ?? {}, config.device.location, zone, wall()),
  }
}
