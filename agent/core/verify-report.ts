import type { RefusalCode } from './codes.ts'
import type { DocumentKey, DocumentKind } from './documents.ts'

/** What a payload says of itself, before anything of it is believed. */
export type Claimed = {
  readonly kind?: DocumentKind
  readonly area?: string
  readonly device?: string
  readonly rev?: number
  readonly iat?: string
  readonly exp?: string
}

/** One signature of a message, by the trust of this device. */
export type VerifiedKey = {
  readonly kid: string
  /** The device has a public key of this name: a root for `trust`, else from a trust document. */
  readonly known: boolean
  readonly verifies: boolean
  /** Whether it may sign this document now; absent where the document cannot be read so far. */
  readonly maySign?: boolean
}

/** What would become of a message if it arrived now. Nothing of the device is changed by asking. */
export type VerifyReport = Claimed & {
  /** How the device knows the topic. */
  readonly document?: DocumentKey
  /** SHA-256 of the payload bytes, hex. */
  readonly hash?: string
  readonly signatures: 'required' | 'off'
  readonly keys: readonly VerifiedKey[]
  /** `held`: it is in force already. `signer`: it is, and this key would be added to its signers. */
  readonly verdict: 'accepted' | 'signer' | 'held' | 'refused'
  readonly code?: RefusalCode
  /** Where the fault is, in dots. */
  readonly path?: string
  readonly message?: string
  /** What is in force on the topic now. */
  readonly held?: { readonly rev: number; readonly hash: string; readonly signers: readonly string[] }
}
