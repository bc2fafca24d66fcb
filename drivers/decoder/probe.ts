import type { AudioFormat } from '../../agent/core/documents.ts'
import { LoaError } from '../../agent/core/error.ts'
import type { Measurement } from '../../agent/ports/media-cache.ts'
import type { MediaProbe } from '../../agent/ports/media-probe.ts'
import { lowerPriority } from '../jail/lower-priority.ts'
import { measureArguments } from './arguments.ts'
import { DECODER_MEMORY_MB, type DecoderChild, type DecoderProgram, ffmpeg, spawnDecoder } from './child.ts'
import { lastLines, written } from './feeding.ts'
import { M4aIndexWatch } from './m4a-index.ts'
import { readMeasurement } from './measurement.ts'

/** Nothing after the declared end is ever played, so little of it is decoded: what bounds a decompression bomb. */
const MARGIN_SECONDS = 5
/** What cannot be decoded in about the time it plays, behind everything else, is of no use. */
const GRACE_SECONDS = 60
/** `-progress` writes some 200 bytes every half second; the last of them count. */
const PROGRESS_LENGTH = 4096
const PROGRESS_BYTES_A_SECOND = 4096

export type ProbeOptions = {
  readonly how?: DecoderProgram
  /** What decoding may take beyond the declared length of the file. */
  readonly graceSeconds?: number
}

/** Decodes files once with ffmpeg and measures them by EBU R128. */
class FfmpegProbe implements MediaProbe {
  readonly #how: DecoderProgram
  readonly #channels: 1 | 2
  readonly #graceSeconds: number

  constructor(channels: 1 | 2, options: ProbeOptions) {
    this.#how = options.how ?? ffmpeg()
    this.#channels = channels
    this.#graceSeconds = options.graceSeconds ?? GRACE_SECONDS
  }

  async measure(
    source: AsyncIterable<Uint8Array>,
    format: AudioFormat,
    declaredSeconds: number,
    signal: AbortSignal,
  ): Promise<Measurement> {
    const maxSeconds = declaredSeconds + MARGIN_SECONDS
    const withinSeconds = maxSeconds + this.#graceSeconds
    const child = spawnDecoder(this.#how, measureArguments(format, this.#channels, maxSeconds), {
      memoryMb: DECODER_MEMORY_MB,
      cpuSeconds: withinSeconds,
    })
    const late = AbortSignal.timeout(Math.ceil(withinSeconds * 1000))
    const end = AbortSignal.any([signal, late])
    end.addEventListener('abort', child.kill, { once: true })
    try {
      lowerPriority(child.pid)
      const account = listen(child, withinSeconds * PROGRESS_BYTES_A_SECOND)
      await feed(child, source, format, end)
      const { progress, exit, endless } = await account
      signal.throwIfAborted()
      if (endless) throw new LoaError('BAD_MEDIA', 'makes the decoder say more than it ever has to')
      if (late.aborted) throw new LoaError('BAD_MEDIA', 'takes longer to decode than to play')
      return verdict(progress, exit)
    } finally {
      end.removeEventListener('abort', child.kill)
      child.kill()
    }
  }
}

/**
 * Probes through ffmpeg, one child a call.
 * @param channels of the board: files are measured as they will sound
 */
export const createFfmpegProbe = (channels: 1 | 2, options: ProbeOptions = {}): MediaProbe =>
  new FfmpegProbe(channels, options)

type Exit = Awaited<DecoderChild['exited']>

type Account = { readonly progress: string; readonly exit: Exit; readonly endless: boolean }

const listen = async (child: DecoderChild, maxLength: number): Promise<Account> => {
  let progress = ''
  let length = 0
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    progress = (progress + text).slice(-PROGRESS_LENGTH)
    length += text.length
    if (length > maxLength) child.kill()
  })
  const exit = await child.exited
  return { progress, exit, endless: length > maxLength }
}

/** Returns early when the decoder wants no more. */
const feed = async (
  child: DecoderChild,
  source: AsyncIterable<Uint8Array>,
  format: AudioFormat,
  signal: AbortSignal,
): Promise<void> => {
  const watch = new M4aIndexWatch()
  for await (const bytes of source) {
    if (format === 'm4a') watch.push(bytes)
    // A short file of this kind fits into ffmpeg's buffer and would decode; the rule is the same for all.
    if (watch.place === 'last') throw new LoaError('BAD_MEDIA', 'm4a with its index at the end of the file')
    if (signal.aborted || !(await written(child.stdin, bytes))) break
  }
  child.stdin.end()
}

const verdict = (progress: string, exit: Exit): Measurement => {
  const measured = readMeasurement(progress, exit.message)
  if (measured !== undefined && measured.seconds > 0 && exit.ok) return measured
  // The out-of-memory killer is the only one besides us who ends it so; the file may be innocent.
  if (exit.message.endsWith('ended by SIGKILL')) throw new LoaError('DECODER', exit.message)
  throw new LoaError('BAD_MEDIA', `does not decode: ${lastLines(exit.message, 'no sound in it')}`)
}
