import { identityFiles, pairInForce } from '../adapters/identity/in-force.ts'
import type { MqttBus } from '../adapters/mqtt/mqtt-bus.ts'
import type { BusHandlers } from '../ports/message-bus.ts'
import { Renewals } from '../services/renewal/renewals.ts'
import type { Playing } from './playing.ts'

export type RenewalLine = {
  /** Looked up when it is needed: the bus asks for the account first. */
  readonly bus: () => Pick<MqttBus, 'connected' | 'reconnect'>
  /** An update is under way. */
  readonly updating: () => boolean
}

/** Renewals of the key pair of this device; what does the work is loaded when there is some. */
export const assembleRenewals = (playing: Playing, { bus, updating }: RenewalLine): Renewals => {
  const { state, intake, fail } = playing
  const job = () => intake.inForce('job')[0]
  return new Renewals({
    facts: state.facts,
    job,
    connected: () => bus().connected,
    load: async () => {
      const { createRenewal } = await import('./renewing.ts')
      return createRenewal(playing, { job, updating, reconnect: () => bus().reconnect() })
    },
    fail,
  })
}

/** The pair that counts, or for this try the one on trial. */
export const pairForTry = ({ config, credentialsDirectory }: Playing, renewals: Renewals) => {
  const { trial } = identityFiles(config.paths.state)
  const isTrial = renewals.pair() === 'trial'
  return isTrial ? { cert: trial, key: trial } : (pairInForce(config, credentialsDirectory) ?? {})
}

/** What happens on the bus decides about a certificate on trial. */
export const toldToo = (renewals: Renewals, handlers: () => BusHandlers): BusHandlers => ({
  onConnect: (session) => {
    renewals.connected()
    handlers().onConnect(session)
  },
  onMessage: (message) => handlers().onMessage(message),
  onDisconnect: (reason, ending) => {
    renewals.disconnected(reason)
    handlers().onDisconnect(reason, ending)
  },
  onUnreachable: (url, reason) => {
    renewals.disconnected(reason)
    handlers().onUnreachable(url, reason)
  },
  onOversize: (topic, bytes) => handlers().onOversize(topic, bytes),
})
