import type { Decoder, DecoderFormat, DecoderProcess } from '../../agent/ports/decoder.ts'
import { decodeArguments } from './arguments.ts'
import { DECODER_MEMORY_MB, type DecoderProgram, ffmpeg, spawnDecoder } from './child.ts'

/** Of one file or live source: a day of sound takes a PC 32 seconds. */
const LIMITS = { memoryMb: DECODER_MEMORY_MB, cpuSeconds: 3600 }

/** Decodes with Debian's ffmpeg: bytes in, PCM out, nothing else in reach. */
class FfmpegDecoder implements Decoder {
  readonly #how: DecoderProgram

  constructor(how: DecoderProgram) {
    this.#how = how
  }

  spawn(format: DecoderFormat, channels: 1 | 2, live = false): DecoderProcess {
    return spawnDecoder(this.#how, decodeArguments(format, channels, live), LIMITS)
  }
}

export const createFfmpegDecoder = (how: DecoderProgram = ffmpeg()): Decoder => new FfmpegDecoder(how)
