import { clipFrames } from '../core/clip.ts'
import type { ReasonCode } from '../core/codes.ts'
import type { PlayOrder } from '../ports/playout.ts'
import type { ClipReader, SegmentFault } from './clip-reader.ts'
import { areFlat, gainAt, linearOf, type Ramp, rampAt, steady, writeGains } from './gain.ts'
import { Limiter, LOOK_AHEAD_FRAMES, peakOf, writeLevels } from './limiter.ts'
import { type Pace, PacedReader } from './paced-reader.ts'
import type { RelaysSeen } from './relay-board.ts'

/** From the middle of a sound on, a short fade keeps the start from clicking. */
const DECLICK_FRAMES = 240
const FRAMES_PER_MS = 48

/** One piece: an order, where it lies in the stream of the device, and what of it has been written. */
export class Track {
  readonly order: PlayOrder
  readonly #clip: ClipReader
  readonly #reader: PacedReader
  readonly #channels: number
  readonly #limiter: Limiter
  readonly #gains = new Float32Array(LOOK_AHEAD_FRAMES)
  #blockGains = new Float32Array(0)
  #gain: Ramp
  #fadeIn: Ramp = steady(1)
  #cut:
    | (Ramp & {
        /** Ordered, not made room for another: it stands when frames are taken back. */ readonly firm: boolean
      })
    | undefined
  #late = false
  #peak = 0
  #relays: RelaysSeen | undefined
  /** Device frame of its first frame; undefined while it has no place. */
  start: number | undefined
  /** The device frame it was meant for when it was placed, be it in the past. */
  meant = 0
  /** Device frame after its last, once that is known. */
  end: number | undefined
  underruns = 0
  /** It gave fewer frames than asked because a source has nothing at hand yet. */
  starving = false
  startReported = false
  failure: { readonly code: ReasonCode; readonly message: string } | undefined

  constructor(order: PlayOrder, clip: ClipReader, pace: Pace) {
    this.order = order
    this.#clip = clip
    this.#reader = new PacedReader(clip, pace)
    this.#channels = pace.channels
    this.#limiter = new Limiter(pace.channels, pace.historyFrames)
    this.#gain = steady(linearOf(order.clip.gainDb))
  }

  get id(): string {
    return this.order.clip.id
  }

  get ready(): boolean {
    return this.#clip.ready
  }

  /** Its end is known, and is that of a cut; later than planned where a device started again had no place for its fade. */
  get endsByCut(): boolean {
    return this.#cut !== undefined && this.end !== undefined && this.end >= this.#cut.to
  }

  get faults(): readonly SegmentFault[] {
    return this.#clip.faults
  }

  /** Declared frames that are still to be written. */
  get remaining(): number {
    return Math.max(0, clipFrames(this.order.clip) - this.#reader.position)
  }

  tend(): void {
    this.#clip.tend()
  }

  /** False once a contact disagreed, true when all of them were right all along; undefined when not each could be read. */
  get relay(): boolean | undefined {
    if (this.#relays === 'disagree') return false
    return this.#relays === 'closed' ? true : undefined
  }

  noteRelays(seen: RelaysSeen): void {
    if (this.#relays === undefined || this.#relays === 'closed' || seen === 'disagree') this.#relays = seen
  }

  blame(code: ReasonCode): void {
    this.#clip.blame(code)
  }

  place(at: number, meant: number): void {
    this.start = at
    this.meant = meant
    const fadeMs = this.order.fadeInMs
    const fade = fadeMs > 0 ? fadeMs * FRAMES_PER_MS : this.order.fromFrame > 0 ? DECLICK_FRAMES : 0
    this.#fadeIn = fade > 0 ? { from: at, to: at + fade, start: 0, end: 1 } : steady(1)
    this.#reader.begin(meant)
  }

  /** Fades out from `from` and is silent from `to` on. An earlier cut stands. */
  cutAt(from: number, to: number, firm: boolean): void {
    if (this.#cut !== undefined && this.#cut.to <= to) return
    this.#cut = { from, to, start: 1, end: 0, firm }
  }

  glide(gainDb: number, from: number, frames: number): void {
    this.#gain = { from, to: from + frames, start: rampAt(this.#gain, from), end: linearOf(gainDb) }
  }

  /**
   * Writes its frames from device frame `at` on into `out` and says how many: fewer than asked when it ends (`end` is set),
   * or when nothing is at hand and the caller is `patient` (`starving` is set). Where there is no time left for patience
   * there is silence, and an underrun is counted.
   */
  render(out: Int16Array, at: number, patient: boolean): number {
    this.starving = false
    const asked = out.length / this.#channels
    const limit = this.#cut === undefined ? asked : Math.min(asked, this.#cut.to - at)
    let done = 0
    while (done < limit) {
      const piece = out.subarray(done * this.#channels, limit * this.#channels)
      const run = this.#reader.read(piece, at + done)
      if (run.frames === 0) break
      this.#late = false
      this.#shape(piece.subarray(0, run.frames * this.#channels), at + done, run.gainDb)
      done += run.frames
    }
    if (limit < asked && done >= limit) return this.#endAt(at + done, done)
    if (done === limit) return done
    if (this.#reader.ended) return this.#endAt(at + done, done)
    this.starving = patient
    if (patient) return done
    if (!this.#late) this.underruns += 1
    this.#late = true
    out.fill(0, done * this.#channels, limit * this.#channels)
    return limit
  }

  /** Takes back what was written from device frame `at` on. Before its start: it has no place any more. */
  unrender(at: number): void {
    this.#reader.takeBack(at)
    if (this.#cut !== undefined && !this.#cut.firm && this.#cut.from >= at) this.#cut = undefined
    if (this.end !== undefined && this.end > at) this.end = undefined
    if (this.start !== undefined && this.start >= at) {
      this.start = undefined
      this.end = undefined
    }
  }

  /** Frames of the clip before device frame `at`. */
  framesBefore(at: number): number {
    return this.#reader.framesBefore(at)
  }

  /** Position in the clip after the last frame before device frame `at`. */
  positionAt(at: number): number {
    return this.#reader.positionAt(at) ?? this.order.fromFrame
  }

  /** How often a frame was left out or put in to stay with the wall clock. */
  get corrections(): number {
    return this.#reader.corrections
  }

  /** Peak of what was written since it was last asked, in dBFS. */
  takePeakDb(): number {
    const peak = this.#peak
    this.#peak = 0
    return peak === 0 ? -120 : 20 * Math.log10(peak / 32_768)
  }

  close(): void {
    this.#clip.close()
  }

  #endAt(at: number, done: number): number {
    this.end = at
    return done
  }

  /** Gain, fades and limiter. */
  #shape(samples: Int16Array, at: number, segmentDb: number): void {
    const peak = this.#shapeEvenly(samples, at, segmentDb) ?? this.#shapeEach(samples, at, segmentDb)
    this.#peak = Math.max(this.#peak, peak)
  }

  /** What nearly always does: no fade here or near, nothing too loud. */
  #shapeEvenly(samples: Int16Array, at: number, segmentDb: number): number | undefined {
    const ramps = this.#ramps()
    const end = at + samples.length / this.#channels
    if (!areFlat(ramps, at, end + LOOK_AHEAD_FRAMES)) return undefined
    const gainOf = (db: number): number => gainAt(linearOf(db), ramps, at)
    return this.#limiter.applyEvenly(samples, at, gainOf(segmentDb), () => {
      let peak = 0
      this.#reader.peek(LOOK_AHEAD_FRAMES, (next, _, db) => {
        peak = Math.max(peak, peakOf(next) * gainOf(db))
      })
      return peak
    })
  }

  /** Frame by frame. */
  #shapeEach(samples: Int16Array, at: number, segmentDb: number): number {
    const frames = samples.length / this.#channels
    if (this.#blockGains.length < frames) this.#blockGains = new Float32Array(frames)
    const gains = this.#blockGains.subarray(0, frames)
    writeGains(gains, at, linearOf(segmentDb), this.#ramps())
    return this.#limiter.apply(samples, at, gains, (levels) => this.#foresee(levels, at + frames))
  }

  /** How loud the frames will be that follow, from device frame `at` on. */
  #foresee(levels: Float32Array, at: number): number {
    return this.#reader.peek(LOOK_AHEAD_FRAMES, (samples, from, segmentDb) => {
      const gains = this.#gains.subarray(0, samples.length / this.#channels)
      writeGains(gains, at + from, linearOf(segmentDb), this.#ramps())
      writeLevels(levels.subarray(from), samples, this.#channels, gains)
    })
  }

  #ramps(): readonly Ramp[] {
    return [this.#gain, this.#fadeIn, ...(this.#cut === undefined ? [] : [this.#cut])]
  }
}
