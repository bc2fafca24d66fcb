/** One signature over the payload, not verified yet. */
export type EnvelopeSignature = {
  readonly kid: string
  /** The bytes that were signed: protected header, a dot, payload, both in base64url. */
  readonly signingInput: Uint8Array
  /** Of any length: what is not 64 bytes does not verify. */
  readonly signature: Uint8Array
}

/** A message taken apart, before any key is known and before its payload is read. */
export type Envelope = {
  /** `bare`: JSON without signature, only with signatures off. `general`: trust documents. */
  readonly form: 'bare' | 'compact' | 'general'
  /** The payload's bytes: what is hashed, and what `parseDocument` takes once a signature has been verified. */
  readonly payload: Uint8Array
  /** Empty for `bare`, one for `compact`, 1-16 with different kids for `general`. */
  readonly signatures: readonly EnvelopeSignature[]
}
