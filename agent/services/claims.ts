import type { DocumentKind } from '../core/documents.ts'
import { LoaError } from '../core/error.ts'
import type { DocumentCodec } from '../ports/document-codec.ts'

/** What a refused message says of itself: hints for the operator, nothing that is relied on. */
export function claims(
  codec: DocumentCodec,
  kind: DocumentKind,
  message: Uint8Array,
): { readonly rev?: number; readonly kid?: string } {
  try {
    const { payload, signatures } = codec.open(kind, message)
    const rev = codec.claimedRevision(payload)
    const kid = signatures[0]?.kid
    return { ...(rev === undefined ? {} : { rev }), ...(kid === undefined ? {} : { kid }) }
  } catch (error) {
    if (error instanceof LoaError) return {}
    throw error
  }
}
