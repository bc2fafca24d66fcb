import type { AudioFormat } from '../core/documents.ts'
import type { Measurement } from './media-cache.ts'

/** Decodes a whole file once, at low priority. */
export interface MediaProbe {
  /**
   * Decodes at most a little more than `declaredSeconds`; `seconds` of the result says how much there was.
   * @throws BAD_MEDIA when it does not decode, or takes longer to decode than to play
   * @throws DECODER when the decoder cannot be run
   */
  measure(
    source: AsyncIterable<Uint8Array>,
    format: AudioFormat,
    declaredSeconds: number,
    signal: AbortSignal,
  ): Promise<Measurement>
}
