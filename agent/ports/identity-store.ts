import type { EpochMs } from '../core/time.ts'

/**
 * The key pair and certificate that this device shows its broker: those that agent.yaml names, or younger ones that the
 * province ordered (docs/renewal.md). Of a new pair that is under way there is at most one.
 */
export interface IdentityStore {
  /** False: the broker knows this device by a password, or not at all. */
  readonly hasPair: boolean
  /** A request for a certificate of a new key, which is kept until it comes: PKCS #10 in DER. @throws IO */
  request(): Uint8Array
  /**
   * Undefined: the certificate is that of the new key, and lies ready to be tried. Otherwise what is wrong with it.
   * `now`: by which its dates are judged. @throws IO
   */
  take(certificate: string, now: EpochMs): string | undefined
  /** A new pair lies ready to be tried. */
  readonly hasTrial: boolean
  /** From now on the new pair is the one that is held. ISO 8601: until when. @throws IO */
  keep(): string
  /** Throws away what is under way. @throws IO */
  discard(): void
}
