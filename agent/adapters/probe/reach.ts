import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, type PeerCertificate, type TLSSocket } from 'node:tls'
import type { ReachProbe, ReachState } from '../../core/doctor/outside.ts'
import { messageOf } from '../../core/error.ts'
import type { Address } from './names.ts'

export type Target = {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  /** Found before; there is at least one. */
  readonly addresses: readonly Address[]
  /** PEM of the authority that vouches for it; those that Node knows when absent. */
  readonly ca?: Uint8Array
}

type Reached = Omit<ReachProbe, 'url'>

/** Each address has its turn within the whole. */
const EACH_ADDRESS_MS = 800

const STATES: Readonly<Record<string, ReachState>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'route',
  ENETUNREACH: 'route',
  EADDRNOTAVAIL: 'route',
  ETIMEDOUT: 'timeout',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'other-name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no-tls',
}
/** Node's codes for a chain that ends nowhere. @see node:tls, X509 certificate error codes */
const UNTRUSTED = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED)/
/** It wants a certificate of ours, which is not for us to show: then it was reached. @see RFC 8446, section 6.2 */
const WANTS_OURS = /SSL alert number (40|42|116)/

const codesOf = (error: unknown): readonly string[] => {
  if (error instanceof AggregateError) return error.errors.flatMap(codesOf)
  return error instanceof Error && 'code' in error ? [String(error.code)] : []
}

const stateOf = (error: unknown): ReachState => {
  if (WANTS_OURS.test(messageOf(error))) return 'open'
  const [code = ''] = codesOf(error)
  return STATES[code] ?? (UNTRUSTED.test(code) ? 'untrusted' : 'other')
}

const isoOf = (date: string | undefined): string | undefined => {
  const at = Date.parse(date ?? '')
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

const datesOf = (certificate: Partial<PeerCertificate>): Pick<ReachProbe, 'validFrom' | 'validTo'> => {
  const [validFrom, validTo] = [isoOf(certificate.valid_from), isoOf(certificate.valid_to)]
  return {
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
  }
}

/** What of a certificate that ends somewhere on the way is out of date is seldom that of the server itself: all are looked at. */
const verdictOf = (socket: TLSSocket): Reached => {
  const dates = datesOf(socket.getPeerCertificate())
  const { authorizationError: error } = socket
  if (socket.authorized || error === undefined || error === null) return { state: 'open', ...dates }
  // Node's types say Error; what comes is the code itself.
  const code = error instanceof Error ? (codesOf(error)[0] ?? error.message) : String(error)
  const state = STATES[code] ?? (UNTRUSTED.test(code) ? 'untrusted' : 'other')
  return { state, detail: code, ...dates }
}

const open = ({ host, port, secure, addresses, ca }: Target): Socket => {
  const found: LookupFunction = (_name, { all }, done) => {
    const [first] = addresses
    if (all === true) done(null, [...addresses])
    else done(null, first?.address ?? '', first?.family)
  }
  const to = { host, port, lookup: found, autoSelectFamilyAttemptTimeout: EACH_ADDRESS_MS }
  if (!secure) return connectTcp(to)
  return connectTls({
    ...to,
    // What is wrong with a certificate is what we are here to tell; nothing is sent over this connection.
    rejectUnauthorized: false,
    ...(ca === undefined ? {} : { secureContext: createSecureContext({ ca: Buffer.from(ca) }) }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
  })
}

const settled = (socket: Socket, secure: boolean): Promise<Reached> =>
  new Promise((resolve) => {
    const isTls = (each: Socket): each is TLSSocket => secure && 'getPeerCertificate' in each
    socket.once(secure ? 'secureConnect' : 'connect', () =>
      resolve(isTls(socket) ? verdictOf(socket) : { state: 'open' }),
    )
    socket.on('error', (error) => resolve({ state: stateOf(error), detail: messageOf(error) }))
  })

/** Opens a connection, TLS and all, looks at it and closes it. Never throws. */
export const reach = async (target: Target, withinMs: number): Promise<Reached> => {
  let socket: Socket
  try {
    socket = open(target)
  } catch (error) {
    return { state: 'authority', detail: messageOf(error) }
  }
  const late = setTimeout(
    () => socket.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    withinMs,
  )
  try {
    return await settled(socket, target.secure)
  } finally {
    clearTimeout(late)
    socket.destroy()
  }
}
