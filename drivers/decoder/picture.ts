import type { ImageFormat } from '../../agent/core/documents.ts'
import { LoaError } from '../../agent/core/error.ts'
import type { Picture } from '../../agent/core/sign/picture.ts'
import type { Panel } from '../../agent/core/sign/raster.ts'
import type { PictureDecoder } from '../../agent/ports/picture-decoder.ts'
import { lowerPriority } from '../jail/lower-priority.ts'
import { DECODER_MEMORY_MB, type DecoderChild, type DecoderProgram, ffmpeg, spawnDecoder } from './child.ts'
import { lastLines, written } from './feeding.ts'
import { GifDelays } from './gif-delays.ts'
import { type PictureTarget, pictureArguments } from './picture-arguments.ts'

type PicturePanel = Panel & { readonly framesPerSecond: number }

/** A photograph of 32 million pixels takes a PC half a second. */
const LIMITS = { memoryMb: DECODER_MEMORY_MB, cpuSeconds: 20 }
const WITHIN_MS = 60_000
/** Of all frames of one animation, as they are kept. */
const MOST_BYTES = 4 * 1024 * 1024
const MOST_FRAMES = 300
/** More is not seen on LEDs from afar; fewer is no movement. */
const FASTEST = 15
const SLOWEST = 2

const rateOf = ({ framesPerSecond }: PicturePanel): number => Math.min(FASTEST, framesPerSecond)

const targetOf = (panel: PicturePanel): PictureTarget => {
  const { width, height } = panel
  const kept = Math.max(1, Math.floor(MOST_BYTES / (width * height * 3)))
  return { width, height, frames: rateOf(panel) < SLOWEST ? 1 : Math.min(MOST_FRAMES, kept) }
}

/** Laid on black. */
const opaque = (rgba: Uint8Array): Uint8Array => {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let i = 0; i * 4 < rgba.length; i += 1) {
    const alpha = (rgba[i * 4 + 3] ?? 0) / 255
    for (let channel = 0; channel < 3; channel += 1)
      rgb[i * 3 + channel] = Math.round((rgba[i * 4 + channel] ?? 0) * alpha)
  }
  return rgb
}

/** The frames as they come; a decoder that sends more than was asked of it is stopped. */
const framesOf = async (
  child: DecoderChild,
  { width, height, frames: most }: PictureTarget,
): Promise<Uint8Array[]> => {
  const frameBytes = width * height * 4
  const frames: Uint8Array[] = []
  let rest = Buffer.alloc(0)
  for await (const bytes of child.stdout as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= frameBytes && frames.length < most) {
      frames.push(opaque(rest.subarray(0, frameBytes)))
      rest = rest.subarray(frameBytes)
    }
    if (frames.length === most && rest.length > 0) child.kill()
  }
  return frames
}

const feed = async (
  child: DecoderChild,
  source: AsyncIterable<Uint8Array>,
  delays: GifDelays,
  signal: AbortSignal,
): Promise<void> => {
  for await (const bytes of source) {
    delays.push(bytes)
    if (signal.aborted || !(await written(child.stdin, bytes))) break
  }
  child.stdin.end()
}

/** Decodes pictures with ffmpeg, one child a call, which has nothing but the bytes. */
class FfmpegPictureDecoder implements PictureDecoder {
  readonly #how: DecoderProgram

  constructor(how: DecoderProgram) {
    this.#how = how
  }

  async decode(
    source: AsyncIterable<Uint8Array>,
    format: ImageFormat,
    panel: PicturePanel,
    signal: AbortSignal,
  ): Promise<Picture> {
    const target = targetOf(panel)
    const watch = new GifDelays()
    const child = spawnDecoder(this.#how, pictureArguments(format, target), LIMITS)
    const late = AbortSignal.timeout(WITHIN_MS)
    const end = AbortSignal.any([signal, late])
    end.addEventListener('abort', child.kill, { once: true })
    try {
      lowerPriority(child.pid)
      const [frames, { ok, message }] = await Promise.all([
        framesOf(child, target),
        child.exited,
        feed(child, source, watch, end),
      ])
      signal.throwIfAborted()
      if (late.aborted) throw new LoaError('BAD_MEDIA', 'takes too long to decode')
      // One that has given all that was asked of it may complain that nobody takes the rest.
      if (frames.length > 0 && (ok || frames.length === target.frames))
        return pictureOf(frames, watch.delays, panel)
      if (message.endsWith('ended by SIGKILL')) throw new LoaError('DECODER', message)
      throw new LoaError('BAD_MEDIA', `does not decode: ${lastLines(message, 'no picture in it')}`)
    } finally {
      end.removeEventListener('abort', child.kill)
      child.kill()
    }
  }
}

/** An animation in which nothing moves is a still picture. */
const pictureOf = (all: readonly Uint8Array[], delays: readonly number[], panel: PicturePanel): Picture => {
  const { width, height } = panel
  const [first = new Uint8Array()] = all
  const moves = all.some((frame) => Buffer.compare(frame, first) !== 0)
  const shortest = 1000 / Math.max(1, rateOf(panel))
  const frames = all.map((rgb, i) => ({ rgb, ms: Math.max(shortest, delays[i] ?? 0) }))
  return { width, height, frames: moves ? frames : frames.slice(0, 1) }
}

export const createPictureDecoder = (how: DecoderProgram = ffmpeg()): PictureDecoder =>
  new FfmpegPictureDecoder(how)
