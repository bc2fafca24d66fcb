import type { DocumentKind } from '../core/documents.ts'
import type { Envelope } from '../core/envelope.ts'
import { type Refusal, refused, type Signers } from '../core/trust/signers.ts'
import type { Cryptography } from '../ports/crypto.ts'

/** The kids whose signatures verify. Signature before parsing: nothing of the payload is read here. */
export function verifySignatures(
  kind: DocumentKind,
  envelope: Envelope,
  keyOf: (kid: string) => string | undefined,
  crypto: Pick<Cryptography, 'verifyEd25519'>,
): Signers | Refusal {
  const known = envelope.signatures.filter(({ kid }) => keyOf(kid) !== undefined)
  const kids = envelope.signatures.map(({ kid }) => kid).join(', ')
  if (known.length === 0 && kind !== 'trust')
    return refused('UNKNOWN_KEY', `no accepted trust document holds ${kids}`)
  const verified = known.filter(({ kid, signingInput, signature }) =>
    crypto.verifyEd25519(keyOf(kid) ?? '', signingInput, signature),
  )
  if (verified.length === 0) return refused('BAD_SIGNATURE', `no signature by ${kids} verifies`)
  return { kind: 'kids', kids: verified.map(({ kid }) => kid) }
}
