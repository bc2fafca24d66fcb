import { createHash, createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto'
import type { Cryptography } from '../../ports/crypto.ts'

const SIGNATURE_BYTES = 64
const KEY_PATTERN = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/
/** More keys than the three trust documents of a device hold in practice. */
const MAX_CACHED_KEYS = 64

/** Ed25519 and SHA-256 by OpenSSL; imported keys are kept, because importing costs as much as verifying. */
export const createCryptography = (): Cryptography => {
  const keys = new Map<string, KeyObject>()
  const keyOf = (x: string): KeyObject => {
    const known = keys.get(x)
    if (known) return known
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    if (keys.size >= MAX_CACHED_KEYS) keys.clear()
    keys.set(x, key)
    return key
  }
  return {
    verifyEd25519: (publicKeyX, data, signature) =>
      KEY_PATTERN.test(publicKeyX) &&
      signature.length === SIGNATURE_BYTES &&
      verify(null, data, keyOf(publicKeyX), signature),
    sha256Hex: (data) => createHash('sha256').update(data).digest('hex'),
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  }
}
