const ALPHABET = /^[A-Za-z0-9_-]+$/

/**
 * Bytes of base64url text, or undefined unless it is the one canonical form: no padding, no whitespace, unused bits zero.
 * @see RFC 4648, sections 3.5 and 5
 */
export const decodeBase64url = (text: string): Uint8Array | undefined => {
  if (!ALPHABET.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? new Uint8Array(bytes) : undefined
}
