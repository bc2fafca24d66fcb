import { createAdapterFinder } from '../adapters/system/adapter-finder.ts'
import { createHubPower } from '../adapters/system/hub-power.ts'
import { adaptersOf } from '../core/adapter/adapters.ts'
import { AdapterWatch } from '../services/adapter-watch.ts'
import { SocketPower } from '../services/socket-power.ts'
import type { Playing } from './playing.ts'

/** The sound card and the serial adapters of the board, as they come and go. */
export const createAdapters = ({ board, clock, state, condition, play, alerts }: Playing): AdapterWatch =>
  new AdapterWatch({
    clock,
    adapters: adaptersOf(board),
    finder: createAdapterFinder(),
    condition,
    sockets: new SocketPower({
      clock,
      sockets: board.usbPower ?? [],
      power: createHubPower(),
      facts: state.facts,
      condition,
    }),
    sounding: () => play.held.length > 0,
    alertInForce: () => alerts.inForce.length > 0,
    soundSomewhere: board.audio.driver !== 'wav',
  })
