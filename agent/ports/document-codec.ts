import type { DocumentKind, DocumentOf } from '../core/documents.ts'
import type { Envelope } from '../core/envelope.ts'

/** Untrusted bytes to documents, in two steps with the judging of signatures between them. */
export interface DocumentCodec {
  /** @throws TOO_LARGE, BAD_SIGNATURE, INVALID */
  open(kind: DocumentKind, message: Uint8Array): Envelope
  /** @throws INVALID with a path */
  parse<K extends DocumentKind>(kind: K, payload: Uint8Array): DocumentOf[K]
  /** The revision a refused document claims, for its report. */
  claimedRevision(payload: Uint8Array): number | undefined
}
