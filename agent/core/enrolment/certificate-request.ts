/**
 * A request for a certificate in DER. Two encodings of fixed shape need no library: one name, one key, no attributes.
 * @see RFC 2986, section 4; X.690
 */

const TAG = { integer: 0x02, bits: 0x03, utf8: 0x0c, sequence: 0x30, set: 0x31, attributes: 0xa0 } as const
const COMMON_NAME = [0x06, 0x03, 0x55, 0x04, 0x03]
/** ecdsa-with-SHA256, RFC 5758. */
const ECDSA_SHA256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]

const lengthOf = (count: number): readonly number[] => {
  if (count < 0x80) return [count]
  return count < 0x100 ? [0x81, count] : [0x82, count >> 8, count & 0xff]
}

/** Up to 65,535 bytes of content. */
const der = (tag: number, ...parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array => {
  const count = parts.reduce((sum, part) => sum + part.length, 0)
  return Uint8Array.from([tag, ...lengthOf(count), ...parts.flatMap((part) => [...part])])
}

/** What is to be signed. `name` becomes the CN; `publicKey` is a SubjectPublicKeyInfo in DER. */
export const requestInfo = (name: string, publicKey: Uint8Array): Uint8Array => {
  const ascii = [...name].map((letter) => letter.charCodeAt(0))
  const subject = der(TAG.sequence, der(TAG.set, der(TAG.sequence, COMMON_NAME, der(TAG.utf8, ascii))))
  return der(TAG.sequence, der(TAG.integer, [0]), subject, publicKey, der(TAG.attributes))
}

/** `signature`: ECDSA with SHA-256 over `info`, in DER. */
export const certificateRequest = (info: Uint8Array, signature: Uint8Array): Uint8Array =>
  der(TAG.sequence, info, der(TAG.sequence, ECDSA_SHA256), der(TAG.bits, [0], signature))
