import { messageOf } from '../../core/error.ts'

const UNTRUSTED =
  "the broker's certificate is not from an authority in mqtt.ca: give the file of the province's authority, and the right broker in mqtt.urls"
const REFUSED_CERTIFICATE =
  "the broker refuses this device's certificate: have it made anew by the province's authority, for mqtt.cert and mqtt.key"
const REFUSED_NAME =
  'the broker does not let this device in: compare device.id, mqtt.username and its password or certificate with what the broker knows, or ask the province whether the device was barred'

/** By the codes of Node and OpenSSL. @see node tls, "X509 certificate error codes"; RFC 8446, section 6.2 */
const ADVICE: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED:
    "the broker's certificate has expired, or the clock of this device is wrong: look at the clock in loa status, then have the broker's certificate renewed",
  CERT_NOT_YET_VALID:
    "the broker's certificate is not valid yet: the clock of this device is behind; look at it in loa status",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the broker's certificate is for another name: write a name that stands in it into mqtt.urls",
  ERR_SSL_WRONG_VERSION_NUMBER:
    'no TLS is spoken on that port: mqtts:// needs the TLS listener, usually 8883',
  ERR_SSL_PACKET_LENGTH_TOO_LONG:
    'no TLS is spoken on that port: mqtts:// needs the TLS listener, usually 8883',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: REFUSED_CERTIFICATE,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'the broker wants a certificate of this device: set mqtt.cert and mqtt.key',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: REFUSED_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: REFUSED_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: REFUSED_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: REFUSED_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    "this device's certificate has expired: have it made anew by the province's authority, for mqtt.cert and mqtt.key",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED:
    'the broker has barred the certificate of this device: ask the province',
  // CONNACK of MQTT 3.1.1 and 5.
  '4': REFUSED_NAME,
  '5': REFUSED_NAME,
  '134': REFUSED_NAME,
  '135': REFUSED_NAME,
  '138': REFUSED_NAME,
}

/** The faults of several addresses of one name may hide in an error that says nothing itself. */
const plainReason = (error: unknown): string =>
  error instanceof AggregateError && error.message === ''
    ? error.errors.map(messageOf).join('; ')
    : messageOf(error)

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

/** Why a broker cannot be reached: what to do where that is known, and what the library said. */
export const connectionFault = (error: unknown): string => {
  const advice = ADVICE[codeOf(error)]
  return advice === undefined ? plainReason(error) : `${advice} (${plainReason(error)})`
}
