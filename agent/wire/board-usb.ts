import * as v from 'valibot'
import { SOUND_ADAPTER } from '../core/adapter/adapters.ts'
import type { AudioConfig } from '../core/configuration.ts'
import type { SignConfig } from '../core/sign-configuration.ts'
import { type Fault, fits } from './board-fault.ts'
import { about } from './config-scalars.ts'
import { id, integer, matching } from './scalars.ts'
import { strictFields } from './shape.ts'

const hub = matching(
  /^\d{1,2}(?:-\d{1,2}(?:\.\d{1,2}){0,5})?$/,
  20,
  'the location of a hub as uhubctl shows it, such as "1-1"',
)

/** A socket that may be switched off and on. */
export const usbPower = strictFields({
  adapter: about(id, 'What is plugged in there: `sound`, or the id of a sign on a serial port.'),
  hub: about(hub, 'Location of the hub, as uhubctl shows it.'),
  port: about(integer(1, 31), 'Socket of the hub.'),
  afterSeconds: about(v.optional(integer(5, 3_600), 30), 'How long the adapter is gone before it is tried.'),
  offSeconds: about(v.optional(integer(1, 5), 3), 'How long the socket is without power.'),
  atMostADay: about(v.optional(integer(1, 24), 4), 'How often in 24 hours.'),
})

type Held = {
  readonly audio: AudioConfig
  readonly signs: readonly SignConfig[]
  readonly usbPower?: readonly { readonly adapter: string }[]
}

const hasAdapter = ({ audio, signs }: Held, adapter: string): boolean =>
  adapter === SOUND_ADAPTER
    ? audio.driver !== 'wav'
    : signs.some((sign) => sign.id === adapter && ('port' in sign || ('card' in sign && sign.card)))

const faultsIn = (board: Held): readonly Fault[] =>
  (board.usbPower ?? []).flatMap(({ adapter }, index, all) => {
    const path = ['usbPower', index, 'adapter']
    if (!hasAdapter(board, adapter))
      return [{ path, message: 'is no sound card or sign on a port of this board' }]
    return all.findIndex((other) => other.adapter === adapter) < index
      ? [{ path, message: 'has a socket already' }]
      : []
  })

/** Sockets belong to adapters of the board, one each. */
export const usbPowerFits = <T extends Held>() => fits<T>(faultsIn)
