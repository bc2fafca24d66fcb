import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { certificateRequest, requestInfo } from '../../core/enrolment/certificate-request.ts'
import { LoaError } from '../../core/error.ts'

/** P-256: every TLS library and broker takes it in client certificates, which Ed25519 still is not. PKCS #8 in PEM. */
export const createKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()

/** @throws CONFIG when it is no private key that can be used here */
const keyOf = (pem: string): KeyObject => {
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw new LoaError('CONFIG', 'the private key cannot be read: PEM without a password is expected', {
      cause,
    })
  }
}

/** A request for a certificate with this name (CN) and key, in DER. @see RFC 2986. @throws CONFIG for another kind of key */
export const requestFor = (name: string, keyPem: string): Uint8Array => {
  const key = keyOf(keyPem)
  if (key.asymmetricKeyType !== 'ec') throw new LoaError('CONFIG', 'the private key is no P-256 key')
  const info = requestInfo(name, createPublicKey(key).export({ type: 'spki', format: 'der' }))
  return certificateRequest(info, sign('sha256', info, { key, dsaEncoding: 'der' }))
}

export const pemOf = (label: string, der: Uint8Array): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** Bytes of the first block of a PEM text. */
export const derOf = (pem: string): Uint8Array =>
  Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
