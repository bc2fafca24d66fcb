import { framesOf, type Segment } from '../clip.ts'
import type { ReasonCode } from '../codes.ts'
import type { Part } from '../documents.ts'

type Stream = Extract<Part, { readonly stream: unknown }>['stream']

/** A `stream` part with the URLs that may be asked, in their order; a fault when there is none. */
export const streamSegment = (
  { format, seconds, urls }: Stream,
  allows: (url: string) => boolean,
): Segment | { readonly code: ReasonCode; readonly message: string } => {
  const allowed = urls.filter(allows)
  if (allowed.length === 0) return { code: 'STREAM', message: 'no URL of the stream is under content.allow' }
  return { kind: 'stream', id: '', format, urls: allowed, frames: framesOf(seconds) }
}
