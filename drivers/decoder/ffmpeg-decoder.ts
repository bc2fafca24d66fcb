import type { Decoder, DecoderFormat, DecoderProcess } from '../../agent/ports/decoder.ts'
import { decodeArguments } from './arguments.ts'
import { type DecoderProgram, FFMPEG, spawnDecoder } from './child.ts'

/** Decodes with Debian's ffmpeg: bytes in, PCM out, nothing else in reach. */
class FfmpegDecoder implements Decoder {
  readonly #how: DecoderProgram

  constructor(how: DecoderProgram) {
    this.#how = how
  }

  spawn(format: DecoderFormat, channels: 1 | 2, live = false): DecoderProcess {
    return spawnDecoder(this.#how, decodeArguments(format, channels, live))
  }
}

export const createFfmpegDecoder = (how: DecoderProgram = FFMPEG): Decoder => new FfmpegDecoder(how)
