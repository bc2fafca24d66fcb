import { messageOf } from '../../core/error.ts'

const UNTRUSTED =
  "the broker's certificate is not from an authority in mqtt.ca: give the file of the province's authority, and the right broker in mqtt.urls"
const MADE_ANEW = "have it made anew by the province's authority, for mqtt.cert and mqtt.key"
const REFUSED_CERTIFICATE = `the broker refuses the certificate of this device: ${MADE_ANEW}`
const NO_TLS = 'no TLS is spoken on that port: mqtts:// needs the TLS listener, usually 8883'
const REFUSED_NAME =
  'the broker does not let this device in: compare device.id, mqtt.username, password and certificate with what the broker knows, or ask the province whether the device was barred'

/** Node's own codes, and return codes of CONNACK (MQTT 3.1.1 and 5). @see node:tls, X509 certificate error codes */
const BY_CODE: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED:
    "the broker's certificate has expired, or the clock of this device is wrong: look at the clock in loa status, then have the certificate of the broker renewed",
  CERT_NOT_YET_VALID:
    "the broker's certificate is not valid yet, or the clock of this device is behind: look at it in loa status",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the broker's certificate is for another name: write one that stands in it into mqtt.urls",
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  '4': REFUSED_NAME,
  '5': REFUSED_NAME,
  '134': REFUSED_NAME,
  '135': REFUSED_NAME,
  '138': REFUSED_NAME,
}

/** Alerts that the broker sends. @see RFC 8446, section 6.2 */
const BY_ALERT: Readonly<Record<string, string>> = {
  '42': REFUSED_CERTIFICATE,
  '43': REFUSED_CERTIFICATE,
  '44': 'the broker has barred the certificate of this device: ask the province',
  '45': `the certificate of this device has expired: ${MADE_ANEW}`,
  '46': REFUSED_CERTIFICATE,
  '48': REFUSED_CERTIFICATE,
  '116': 'the broker wants a certificate of this device: set mqtt.cert and mqtt.key',
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

const plainReason = (error: unknown): string => {
  // The faults of several addresses of one name may hide in an error that says nothing itself.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ')
  // OpenSSL tells its source files and thread as well.
  const plain = error instanceof Error && 'reason' in error && codeOf(error).startsWith('ERR_SSL_')
  return plain ? String(error.reason) : messageOf(error).trim()
}

/** Why a broker cannot be reached: what to do where that is known, and what the library said. */
export const connectionFault = (error: unknown): string => {
  const [, alert = ''] = /SSL alert number (\d+)/.exec(messageOf(error)) ?? []
  const advice = BY_ALERT[alert] ?? BY_CODE[codeOf(error)]
  return advice === undefined ? plainReason(error) : `${advice} (${plainReason(error)})`
}

/**
 * The broker ended the connection before it answered CONNECT, without saying why. With TLS 1.3 it judges our certificate
 * when for us the handshake is over, and what it says of it may be lost with the connection.
 */
export const unansweredFault = (secure: boolean, reason: string): string =>
  secure
    ? `the broker ended the connection at once: most likely it does not accept the certificate of this device (another authority, expired, or barred) (${reason})`
    : `the broker ended the connection at once: does it want TLS on that port, mqtts://? (${reason})`
