/** Signatures, digests and random ids. */
export interface Cryptography {
  /**
   * Whether `signature` is the Ed25519 signature of `data`; false for a key or a signature of another form.
   * `publicKeyX` is base64url of 32 bytes (RFC 8037).
   */
  verifyEd25519(publicKeyX: string, data: Uint8Array, signature: Uint8Array): boolean
  /** Lower-case hex. Text is taken as UTF-8. */
  sha256Hex(data: Uint8Array | string): string
  /** `bytes` random bytes as twice as many lower-case hex digits. */
  randomHex(bytes: number): string
}
