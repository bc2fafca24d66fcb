/**
 * How it is known that a panel has what it was shown last. `waiting`: it has not been given to it yet;
 * `sent`: it left this machine, and nothing comes back on that line; `acknowledged`: the controller said that it took it;
 * `read-back`: the controller was asked what it shows, and it is that.
 */
export const SIGN_PROOFS = ['waiting', 'sent', 'acknowledged', 'read-back'] as const
export type SignProof = (typeof SIGN_PROOFS)[number]
