import type { AudioFormat } from '../core/documents.ts'
import type { Measurement } from './media-cache.ts'

/** Decodes a whole file once, at low priority. */
export interface MediaProbe {
  /** @throws BAD_MEDIA when it does not decode; DECODER when the decoder cannot be run */
  measure(
    source: AsyncIterable<Uint8Array>,
    format: AudioFormat,
    declaredSeconds: number,
    signal: AbortSignal,
  ): Promise<Measurement>
}
