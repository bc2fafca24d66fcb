import { once } from 'node:events'
import { FRAMES_PER_SECOND, type Segment } from '../core/clip.ts'
import type { ReasonCode } from '../core/codes.ts'
import type { Decoder, DecoderProcess } from '../ports/decoder.ts'
import type { MediaBytes } from './media-bytes.ts'
import { PcmRing } from './pcm-ring.ts'
import type { Source } from './source.ts'

export type MediaSegment = Extract<Segment, { readonly kind: 'media' }>

/** What a file may lack of its declared length and still count as whole: encoders pad and trim. */
const shortfallAllowed = (frames: number): number => FRAMES_PER_SECOND + 0.02 * frames

export const AHEAD_FRAMES = { waiting: 2 * FRAMES_PER_SECOND, playing: 10 * FRAMES_PER_SECOND } as const
/** Beyond the most decoded ahead: one chunk of the pipe, so that a chunk always fits. */
const SLACK_FRAMES = 32_768
const READ_BYTES = 262_144
/** A decoder that should give something, has what it needs, and gives nothing for this long is taken for dead. */
const STALL_MS = { first: 5000, further: 2000 } as const
/** One that gave so much since it was started may be started again; with less it would never end. */
const EARNED_FRAMES = 10 * FRAMES_PER_SECOND
const BYTES_PER_SAMPLE = 2

/**
 * A file of the media cache, decoded ahead of need by a child. A decoder that dies or hangs is replaced by
 * another that goes on at the frame where it stopped, which the frames decoded ahead hide.
 */
export class MediaSource implements Source {
  readonly #segment: MediaSegment
  readonly #channels: 1 | 2
  readonly #decoder: Decoder
  readonly #bytes: MediaBytes
  readonly #ring: PcmRing
  readonly #wanted: number
  readonly #fromFrame: number
  /** What comes although it was told to pause: a decoder's pipe is emptied when it exits. */
  readonly #overflow: Int16Array[] = []
  #process: DecoderProcess | undefined
  #carry = Buffer.alloc(0)
  #pushed = 0
  #skip = 0
  #ahead: number = AHEAD_FRAMES.waiting
  #complete = false
  #fault: ReasonCode | undefined
  #missing = false
  #restartedAt: number | undefined
  #paused = false
  /** The decoder has nothing to decode: the agent is asked for more. */
  #starved = false
  #given = false
  #stall: NodeJS.Timeout | undefined

  constructor(
    segment: MediaSegment,
    fromFrame: number,
    channels: 1 | 2,
    decoder: Decoder,
    bytes: MediaBytes,
  ) {
    this.#segment = segment
    this.#channels = channels
    this.#decoder = decoder
    this.#bytes = bytes
    this.#fromFrame = fromFrame
    this.#wanted = segment.frames - fromFrame
    this.#ring = new PcmRing(AHEAD_FRAMES.playing + SLACK_FRAMES, channels)
    this.#start()
  }

  get buffered(): number {
    return this.#ring.frames
  }

  get complete(): boolean {
    return this.#complete
  }

  get ended(): boolean {
    return this.#complete && this.#ring.frames === 0
  }

  get fault(): ReasonCode | undefined {
    return this.#fault
  }

  read(out: Int16Array): number {
    const count = this.#ring.take(out)
    this.#takeOverflow()
    this.#flow()
    return count
  }

  setAhead(frames: number): void {
    this.#ahead = Math.min(frames, AHEAD_FRAMES.playing)
    this.#flow()
  }

  close(): void {
    this.#finish(undefined)
    this.#ring.clear()
    this.#overflow.length = 0
  }

  #start(): void {
    this.#skip = this.#fromFrame + this.#pushed
    this.#carry = Buffer.alloc(0)
    try {
      this.#process = this.#decoder.spawn(this.#segment.format, this.#channels)
    } catch {
      // The port promises nothing but DECODER here, and the report carries that code.
      this.#finish('DECODER')
      return
    }
    const child = this.#process
    child.stdout.on('data', (chunk: Buffer) => this.#take(child, chunk))
    // Both pipes break when the decoder ends; how it ended is in `exited`.
    child.stdout.on('error', () => undefined)
    child.stdin.on('error', () => undefined)
    this.#paused = false
    this.#given = false
    this.#watch()
    void this.#feed(child)
    void this.#await(child)
  }

  async #feed(child: DecoderProcess): Promise<void> {
    const { sha256, bytes } = this.#segment
    let coming = this.#bytes.read(sha256, 0, Math.min(READ_BYTES, bytes))
    for (let offset = 0; offset < bytes && child === this.#process; ) {
      this.#starved = true
      const chunk = await coming
      if (child !== this.#process) break
      this.#starved = false
      this.#watch()
      if (chunk === undefined || chunk.length === 0) {
        this.#missing = true
        break
      }
      offset += chunk.length
      if (offset < bytes) coming = this.#bytes.read(sha256, offset, Math.min(READ_BYTES, bytes - offset))
      if (child.stdin.destroyed) return
      if (!child.stdin.write(chunk))
        await Promise.race([once(child.stdin, 'drain').catch(() => undefined), child.exited])
    }
    if (!child.stdin.destroyed) child.stdin.end()
  }

  async #await(child: DecoderProcess): Promise<void> {
    if (!child.stdout.readableEnded && !child.stdout.destroyed)
      await new Promise((resolve) => child.stdout.once('close', resolve).once('end', resolve))
    const { ok, message } = await child.exited
    if (child !== this.#process) return
    const short = this.#wanted - this.#pushed
    if (short <= 0) this.#finish(undefined)
    else if (this.#missing) this.#finish('NO_MEDIA')
    else if (ok && this.#pushed > 0)
      this.#finish(short > shortfallAllowed(this.#segment.frames) ? 'BAD_MEDIA' : undefined)
    else if (!ok && this.#mayRestart()) this.#restart()
    else this.#finish(this.#pushed === 0 && message !== '' ? 'BAD_MEDIA' : 'DECODER')
  }

  #mayRestart(): boolean {
    return this.#restartedAt === undefined || this.#pushed - this.#restartedAt >= EARNED_FRAMES
  }

  #restart(): void {
    this.#restartedAt = this.#pushed
    this.#start()
  }

  #take(child: DecoderProcess, chunk: Buffer): void {
    if (child !== this.#process) return
    this.#given = true
    const whole = this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk
    const frameBytes = BYTES_PER_SAMPLE * this.#channels
    const frames = Math.floor(whole.length / frameBytes)
    this.#carry = Buffer.from(whole.subarray(frames * frameBytes))
    const skipped = Math.min(this.#skip, frames)
    this.#skip -= skipped
    const count = Math.min(frames - skipped, this.#wanted - this.#pushed)
    this.#push(whole, skipped * frameBytes, count)
    this.#watch()
    if (this.#pushed >= this.#wanted) this.#finish(undefined)
    else this.#flow()
  }

  #push(bytes: Buffer, from: number, frames: number): void {
    if (frames <= 0) return
    const length = frames * this.#channels
    const aligned = (bytes.byteOffset + from) % BYTES_PER_SAMPLE === 0
    const source = aligned ? bytes : Buffer.from(bytes)
    this.#pushed += frames
    this.#overflow.push(new Int16Array(source.buffer, source.byteOffset + from, length))
    this.#takeOverflow()
  }

  #takeOverflow(): void {
    for (let first = this.#overflow[0]; first !== undefined; first = this.#overflow[0]) {
      const taken = this.#ring.push(first) * this.#channels
      if (taken === first.length) this.#overflow.shift()
      else {
        this.#overflow[0] = first.subarray(taken)
        return
      }
    }
  }

  /** Lets the decoder run while less than what is wanted ahead is at hand; a full pipe then holds it. */
  #flow(): void {
    const child = this.#process
    if (child === undefined) return
    const pause = this.#ring.frames >= this.#ahead
    if (pause === this.#paused) return
    this.#paused = pause
    if (pause) child.stdout.pause()
    else child.stdout.resume()
    this.#watch()
  }

  #watch(): void {
    clearTimeout(this.#stall)
    if (this.#paused || this.#process === undefined) return
    this.#stall = setTimeout(
      () => {
        if (this.#starved) this.#watch()
        else this.#process?.kill()
      },
      this.#given ? STALL_MS.further : STALL_MS.first,
    )
  }

  #finish(fault: ReasonCode | undefined): void {
    clearTimeout(this.#stall)
    const child = this.#process
    this.#process = undefined
    this.#complete = true
    this.#fault ??= fault
    if (child === undefined) return
    child.stdin.destroy()
    child.stdout.destroy()
    child.kill()
  }
}
