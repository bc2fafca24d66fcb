import type { RefusalCode } from '../core/codes.ts'
import type { RevisedDocument } from '../core/documents.ts'
import { LoaError } from '../core/error.ts'
import { type Refusal, refused, type Signers } from '../core/trust/signers.ts'
import type { Cryptography } from '../ports/crypto.ts'
import type { DocumentCodec } from '../ports/document-codec.ts'
import { verifySignatures } from './verify-signatures.ts'

/** A refusal with the path of the fault in the document, where there is one. */
export type Fault = Refusal & { readonly path?: string }

type Read = {
  readonly kind: 'read'
  readonly document: RevisedDocument
  readonly hash: string
  readonly signers: Signers
}

export type DocumentReader = {
  readonly codec: Pick<DocumentCodec, 'open' | 'parse'>
  readonly crypto: Cryptography
  /** The public key of a kid that may sign this kind; undefined with signatures off. */
  readonly keyOf: ((kid: string) => string | undefined) | undefined
}

/** Envelope, signature, schema, in this order. */
export function readDocument(
  kind: RevisedDocument['kind'],
  message: Uint8Array,
  { codec, crypto, keyOf }: DocumentReader,
): Read | Fault {
  try {
    const envelope = codec.open(kind, message)
    const signers: Signers | Refusal =
      keyOf === undefined ? { kind: 'unjudged' } : verifySignatures(kind, envelope, keyOf, crypto)
    if (signers.kind === 'refused') return signers
    const document = codec.parse(kind, envelope.payload)
    return { kind: 'read', document, hash: crypto.sha256Hex(envelope.payload), signers }
  } catch (error) {
    if (!(error instanceof LoaError)) throw error
    const { code, message: text, path } = error
    return { ...refused(code as RefusalCode, text), ...(path === undefined ? {} : { path }) }
  }
}
