import { FRAMES_PER_SECOND, type Segment } from '../core/clip.ts'
import type { ReasonCode } from '../core/codes.ts'
import { type Level, levelInPlace, listen, settled, UNHEARD } from '../core/sound/leveller.ts'
import type { Decoder, DecoderFormat } from '../ports/decoder.ts'
import { DeadAir } from './dead-air.ts'
import type { StreamBytes } from './media-bytes.ts'
import { PcmRing } from './pcm-ring.ts'
import type { Source } from './source.ts'
import { StreamDecoder } from './stream-decoder.ts'

export type StreamSegment = Extract<Segment, { readonly kind: 'stream' }>

/** In frames. */
export const JITTER = {
  /** Sound begins, and begins again after it ran dry, with this much at hand. */
  start: 2 * FRAMES_PER_SECOND,
  /** Decoded ahead before it is its turn. */
  target: 4 * FRAMES_PER_SECOND,
  most: 10 * FRAMES_PER_SECOND,
} as const

/** A source that has nothing after this long lets its part begin in silence. */
const PATIENCE_MS = 3000
const READ_BYTES = 16_384
const FADE_FRAMES = 240
const BLOCK_FRAMES = 2400
/** One chunk of the decoder's pipe: it always fits above the most. */
const SLACK_FRAMES = 32_768
/** With every URL dead for so long the air is given to what follows. */
const DEAD_FRAMES = 30 * FRAMES_PER_SECOND
/** Silence of up to this much in place of sound is no fault of the part. */
const LOST_ALLOWED = FRAMES_PER_SECOND
/** What is this quiet where a decoder begins is no sound yet, for up to a quarter of a second. */
const LEAD_QUIET = 32
const LEAD_FRAMES = FRAMES_PER_SECOND / 4
/** The next part may be opened when no more than this is left: enough for another stream to have what it starts with. */
const NEAR_END = 4 * FRAMES_PER_SECOND

const fade = (samples: Int16Array, channels: number, gainAt: (share: number) => number): void => {
  const frames = samples.length / channels
  for (let index = 0; index < samples.length; index += 1) {
    const share = Math.floor(index / channels) / frames
    samples[index] = Math.round((samples[index] ?? 0) * gainAt(share))
  }
}

/**
 * A live source. Its frames follow the time since the part began: what has not come when it is due is silence, and the
 * part ends with its declared frames. The agent chooses where the bytes come from; each tuning gets its own decoder.
 */
export class StreamSource implements Source {
  readonly #segment: StreamSegment
  readonly #channels: 1 | 2
  readonly #decoder: Decoder
  readonly #bytes: StreamBytes
  readonly #ring: PcmRing
  readonly #deadAir = new DeadAir()
  readonly #openedMs = performance.now()
  #child: StreamDecoder | undefined
  #tuning = -1
  #level: Level = UNHEARD
  #ahead: number = JITTER.target
  #left: number
  #lost = 0
  #silent = 0
  #dry = true
  #spliced = true
  #trimmed = 0
  #closed = false
  #fault: ReasonCode | undefined

  constructor(
    segment: StreamSegment,
    fromFrame: number,
    channels: 1 | 2,
    decoder: Decoder,
    bytes: StreamBytes,
  ) {
    this.#segment = segment
    this.#channels = channels
    this.#decoder = decoder
    this.#bytes = bytes
    this.#left = segment.frames - fromFrame
    this.#ring = new PcmRing(JITTER.most + SLACK_FRAMES, channels)
    this.#retune()
  }

  /** Nothing until it can begin; after that everything, because silence is always at hand. */
  get buffered(): number {
    const patient = performance.now() - this.#openedMs < PATIENCE_MS
    if (this.#dry && patient && !this.#isEnough()) return 0
    return this.#left
  }

  get complete(): boolean {
    return this.#left <= NEAR_END
  }

  get ended(): boolean {
    return this.#left <= 0
  }

  get dead(): boolean {
    return this.#silent >= DEAD_FRAMES
  }

  get lost(): number {
    return this.#lost
  }

  get fault(): ReasonCode | undefined {
    return this.#fault ?? (this.#lost > LOST_ALLOWED ? 'STREAM' : undefined)
  }

  read(out: Int16Array): number {
    const count = Math.min(out.length / this.#channels, this.#left)
    let done = 0
    while (done < count) {
      const frames = Math.min(count - done, BLOCK_FRAMES)
      this.#fill(out.subarray(done * this.#channels, (done + frames) * this.#channels))
      done += frames
    }
    this.#left -= count
    this.#flow()
    return count
  }

  setAhead(frames: number): void {
    this.#ahead = Math.min(Math.max(frames, JITTER.target), JITTER.most)
    this.#flow()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#child?.close()
    this.#child = undefined
    this.#ring.clear()
    this.#bytes.closeStream(this.#segment.id)
  }

  #isEnough(): boolean {
    return this.#ring.frames >= Math.min(JITTER.start, this.#left)
  }

  #fill(block: Int16Array): void {
    const begins = this.#dry && this.#isEnough()
    if (begins) this.#dry = false
    const got = this.#dry ? 0 : this.#ring.take(block)
    const sound = block.subarray(0, got * this.#channels)
    block.fill(0, sound.length)
    if (begins) this.#level = settled(this.#level)
    this.#level = levelInPlace(this.#level, sound, this.#channels)
    const missing = block.length / this.#channels - got
    if (begins) fade(sound.subarray(0, FADE_FRAMES * this.#channels), this.#channels, (share) => share)
    this.#silent = missing === 0 ? 0 : this.#silent + missing
    if (missing === 0) return
    this.#lost += missing
    if (!this.#dry) fade(sound.subarray(-FADE_FRAMES * this.#channels), this.#channels, (share) => 1 - share)
    this.#dry = true
  }

  /** Leaves what the decoder gave behind and asks the agent for the next tuning. */
  #retune(): void {
    this.#child?.close()
    this.#child = undefined
    if (this.#closed || this.#fault !== undefined) return
    this.#tuning += 1
    this.#spliced = true
    this.#trimmed = 0
    void this.#tune(this.#tuning)
  }

  async #tune(tuning: number): Promise<void> {
    const format = await this.#next(tuning)
    if (format === undefined) return
    if (format.length === 0) {
      this.#retune()
      return
    }
    const child = this.#spawn(Buffer.from(format).toString('latin1') as DecoderFormat)
    if (child === undefined) return
    this.#child = child
    this.#flow()
    for (;;) {
      const bytes = await this.#next(tuning)
      if (bytes === undefined || child !== this.#child) return
      if (bytes.length === 0) break
      if (!(await child.feed(bytes))) return
    }
    child.finish()
  }

  /** The next bytes of a tuning; undefined when nobody wants them any more, or the agent knows of no such stream. */
  async #next(tuning: number): Promise<Uint8Array | undefined> {
    const bytes = await this.#bytes.readStream(this.#segment.id, tuning, READ_BYTES)
    if (this.#closed || tuning !== this.#tuning) return undefined
    if (bytes === undefined) this.#fault = 'STREAM'
    return bytes
  }

  #spawn(format: DecoderFormat): StreamDecoder | undefined {
    try {
      const child: StreamDecoder = new StreamDecoder(this.#decoder, format, this.#channels, {
        onPcm: (samples) => this.#take(samples),
        onEnd: () => {
          if (child === this.#child) this.#retune()
        },
      })
      return child
    } catch {
      // The port promises nothing but DECODER here, and the report carries that code.
      this.#fault = 'DECODER'
      return undefined
    }
  }

  #take(all: Int16Array): void {
    const samples = this.#spliced ? this.#trim(all) : all
    if (this.#spliced && samples.length > 0) {
      this.#ring.fadeTail(FADE_FRAMES)
      fade(samples.subarray(0, FADE_FRAMES * this.#channels), this.#channels, (share) => share)
      this.#spliced = false
    }
    if (this.#dry) this.#level = listen(this.#level, samples, this.#channels)
    this.#ring.push(samples)
    if (this.#deadAir.hear(samples, this.#channels)) this.#retune()
    else this.#flow()
  }

  /** Without the silence that decoders give while they find their feet in the middle of a stream. */
  #trim(samples: Int16Array): Int16Array {
    const most = (LEAD_FRAMES - this.#trimmed) * this.#channels
    const sound = samples.findIndex((sample) => Math.abs(sample) > LEAD_QUIET)
    const quiet = Math.min(sound < 0 ? samples.length : sound, most)
    const frames = Math.floor(quiet / this.#channels)
    this.#trimmed += frames
    return samples.subarray(frames * this.#channels)
  }

  /** Lets the decoder run while less than what is wanted ahead is at hand; a full pipe then holds it, and the agent. */
  #flow(): void {
    this.#child?.pause(this.#ring.frames >= Math.min(this.#ahead, this.#left))
  }
}
