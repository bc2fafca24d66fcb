import type { TrustDocument, TrustKey } from '../documents.ts'

/** A key id with what the accepted trust documents of the three areas grant it together. */
type GrantedKey = {
  /** Ed25519 public key, base64url. */
  readonly x: string
  readonly grants: readonly TrustKey[]
}

/** Keys in force by kid. */
export type KeySet = ReadonlyMap<string, GrantedKey>

/**
 * The keys of the accepted trust documents, counted together. A kid that stands for two different keys counts for neither.
 * @see contract, section 3, trust
 */
export const keySetOf = (documents: readonly Pick<TrustDocument, 'keys'>[]): KeySet => {
  const set = new Map<string, { x: string; grants: TrustKey[] }>()
  const ambiguous = new Set<string>()
  for (const key of documents.flatMap(({ keys }) => keys)) {
    const known = set.get(key.kid)
    if (known === undefined) set.set(key.kid, { x: key.x, grants: [key] })
    else if (known.x === key.x) known.grants.push(key)
    else ambiguous.add(key.kid)
  }
  for (const kid of ambiguous) set.delete(kid)
  return set
}
