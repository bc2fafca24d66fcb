import type { ImageFormat } from '../core/documents.ts'
import type { Picture } from '../core/sign/picture.ts'
import type { Panel } from '../core/sign/raster.ts'

export interface PictureDecoder {
  /**
   * Decodes a picture and scales it to fit into the panel, centred on black, its proportions kept. An animation comes at
   * the panel's rate, and no longer than its memory allows; on a panel of under two frames a second its first frame stands.
   * @throws BAD_MEDIA when it does not decode, has no pixels or too many of them, or takes too long
   * @throws DECODER when the decoder cannot be run
   */
  decode(
    source: AsyncIterable<Uint8Array>,
    format: ImageFormat,
    panel: Panel & { readonly framesPerSecond: number },
    signal: AbortSignal,
  ): Promise<Picture>
}
