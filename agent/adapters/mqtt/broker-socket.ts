import { once } from 'node:events'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { LoaError } from '../../core/error.ts'
import { connectionFault } from './connection-fault.ts'
import { type BrokerAccount, readSecureContext } from './credentials.ts'

/** Name, TCP and TLS together. */
const OPEN_WITHIN_MS = 20_000
/**
 * The default of 250 ms is less than one round trip on a slow mobile network: with several addresses a broker
 * that can be reached would count as unreachable.
 */
const EACH_ADDRESS_MS = 5000

/**
 * A socket to the broker of an `mqtt://` or `mqtts://` URL, TLS done and its name checked.
 * @throws BROKER with the reason, also when `signal` is aborted
 */
export async function openBrokerSocket(
  url: string,
  account: BrokerAccount,
  signal: AbortSignal,
): Promise<Socket> {
  const { hostname, port, protocol } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const secure = protocol === 'mqtts:'
  const target = {
    host,
    port: Number(port || (secure ? 8883 : 1883)),
    autoSelectFamilyAttemptTimeout: EACH_ADDRESS_MS,
  }
  const secureContext = secure ? await readSecureContext(account) : undefined
  const socket =
    secureContext === undefined
      ? connectTcp(target)
      : connectTls({ ...target, secureContext, ...(isIP(host) === 0 ? { servername: host } : {}) })
  // The faults of a socket that is being given up have no other listener.
  socket.on('error', () => undefined)
  const late = AbortSignal.timeout(OPEN_WITHIN_MS)
  try {
    await once(socket, secure ? 'secureConnect' : 'connect', { signal: AbortSignal.any([signal, late]) })
  } catch (error) {
    socket.destroy()
    const reason = late.aborted ? `no connection within ${OPEN_WITHIN_MS / 1000} s` : connectionFault(error)
    throw new LoaError('BROKER', reason, { cause: error })
  }
  socket.setNoDelay(true)
  return socket
}
