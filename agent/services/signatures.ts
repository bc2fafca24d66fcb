import type { Envelope } from '../core/envelope.ts'
import type { KeySet } from '../core/trust/key-set.ts'
import type { Cryptography } from '../ports/crypto.ts'

export type RootKey = { readonly kid: string; readonly x: string }

/** The public key of a kid, as far as it is known. */
type KeyOf = (kid: string) => string | undefined

export const rootKeyOf =
  (roots: readonly RootKey[]): KeyOf =>
  (kid) =>
    roots.find((root) => root.kid === kid)?.x

export const publisherKeyOf =
  (keys: KeySet): KeyOf =>
  (kid) =>
    keys.get(kid)?.x

/** Each signature of a message by what it is worth; nothing of the payload is read. */
export const weighSignatures = (
  crypto: Pick<Cryptography, 'verifyEd25519'>,
  { signatures }: Envelope,
  keyOf: KeyOf,
): readonly { readonly kid: string; readonly known: boolean; readonly verifies: boolean }[] =>
  signatures.map(({ kid, signingInput, signature }) => {
    const x = keyOf(kid)
    return {
      kid,
      known: x !== undefined,
      verifies: x !== undefined && crypto.verifyEd25519(x, signingInput, signature),
    }
  })
