import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import type { SigningKey } from '../source-system/keys.ts'

/** DER of an Ed25519 private key up to its 32 bytes. @see RFC 8410, section 7 */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A key that everybody can make: for test vectors and for nothing else. */
export const openKey = (kid: string): SigningKey => {
  const seed = createHash('sha256').update(`loa-agent test vector ${kid}`).digest()
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  return { kid, x: x ?? '', privateKey }
}

export const ROOTS = [openKey('test-root-a'), openKey('test-root-b')] as const
export const PROVINCE = openKey('test-p-75')
export const COMMUNE = openKey('test-c-75-26068')
/** In no trust document. */
export const STRANGER = openKey('test-stranger')
