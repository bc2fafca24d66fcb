import type {
  AlertDocument,
  Command,
  DesiredDocument,
  DocumentKind,
  FreshDocument,
  ScheduleDocument,
  TrustDocument,
} from '../core/documents.ts'
import type { Envelope } from '../core/envelope.ts'

export type DocumentOf = {
  readonly trust: TrustDocument
  readonly schedule: ScheduleDocument
  readonly alert: AlertDocument
  readonly fresh: FreshDocument
  readonly desired: DesiredDocument
  readonly command: Command
  readonly job: never
}

/** Untrusted bytes to documents, in two steps with the judging of signatures between them. */
export interface DocumentCodec {
  /** @throws TOO_LARGE, BAD_SIGNATURE, INVALID */
  open(kind: DocumentKind, message: Uint8Array): Envelope
  /** @throws INVALID with a path */
  parse<K extends DocumentKind>(kind: K, payload: Uint8Array): DocumentOf[K]
  /** The revision a refused document claims, for its report. */
  claimedRevision(payload: Uint8Array): number | undefined
}
