import type { AudioFormat } from '../../agent/core/documents.ts'
import type { Decoder, DecoderProcess } from '../../agent/ports/decoder.ts'
import { decodeArguments } from './arguments.ts'
import { type DecoderProgram, FFMPEG, spawnDecoder } from './child.ts'

/** Decodes with Debian's ffmpeg: bytes in, PCM out, nothing else in reach. */
class FfmpegDecoder implements Decoder {
  readonly #how: DecoderProgram

  constructor(how: DecoderProgram) {
    this.#how = how
  }

  spawn(format: AudioFormat, channels: 1 | 2): DecoderProcess {
    return spawnDecoder(this.#how, decodeArguments(format, channels))
  }
}

export const createFfmpegDecoder = (how: DecoderProgram = FFMPEG): Decoder => new FfmpegDecoder(how)
