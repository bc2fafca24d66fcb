import type { ImageFormat } from '../../agent/core/documents.ts'
import { LoaError } from '../../agent/core/error.ts'
import type { Picture } from '../../agent/core/sign/picture.ts'
import type { Panel } from '../../agent/core/sign/raster.ts'
import type { PictureDecoder } from '../../agent/ports/picture-decoder.ts'

/** Makes a picture of one colour: the first byte of its file. A file that begins with `bad` does not decode. */
export class FakePictureDecoder implements PictureDecoder {
  /** What was decoded, as `format width x height`. */
  readonly decoded: string[] = []

  async decode(
    source: AsyncIterable<Uint8Array>,
    format: ImageFormat,
    { width, height }: Panel,
  ): Promise<Picture> {
    const chunks: Uint8Array[] = []
    for await (const bytes of source) chunks.push(bytes)
    const file = Buffer.concat(chunks)
    this.decoded.push(`${format} ${width}x${height}`)
    if (file.subarray(0, 3).toString() === 'bad') throw new LoaError('BAD_MEDIA', 'does not decode')
    return {
      width,
      height,
      frames: [{ rgb: new Uint8Array(width * height * 3).fill(file[0] ?? 0), ms: 1000 }],
    }
  }
}
