import { clipFrames } from '../core/clip.ts'
import type { ReasonCode } from '../core/codes.ts'
import type { PlayOrder } from '../ports/playout.ts'
import type { ClipReader, SegmentFault } from './clip-reader.ts'
import { applyGain, linearOf, type Ramp, rampAt, steady } from './gain.ts'
import { RewindableReader } from './rewindable.ts'

/** Frames of the clip that lie in the stream without a gap; frame counts of the device and of the clip. */
type Span = { readonly device: number; readonly position: number; readonly frames: number }

/** From the middle of a sound on, a short fade keeps the start from clicking. */
const DECLICK_FRAMES = 240
const FRAMES_PER_MS = 48

/** One piece: an order, where it lies in the stream of the device, and what of it has been written. */
export class Track {
  readonly order: PlayOrder
  readonly #reader: RewindableReader
  readonly #channels: number
  #spans: Span[] = []
  #gain: Ramp
  #fadeIn: Ramp = steady(1)
  #cut:
    | (Ramp & {
        /** Ordered, not made room for another: it stands when frames are taken back. */ readonly firm: boolean
      })
    | undefined
  #late = false
  #peak = 0
  /** Device frame of its first frame; undefined while it has no place. */
  start: number | undefined
  /** The device frame it was meant for when it was placed, be it in the past. */
  meant = 0
  /** Device frame after its last, once that is known. */
  end: number | undefined
  underruns = 0
  startReported = false
  /** False once a contact disagreed; undefined while nothing could be read. */
  relay: boolean | undefined
  failure: { readonly code: ReasonCode; readonly message: string } | undefined

  constructor(order: PlayOrder, reader: ClipReader, historyFrames: number, channels: number) {
    this.order = order
    this.#reader = new RewindableReader(reader, historyFrames, channels)
    this.#channels = channels
    this.#gain = steady(linearOf(order.clip.gainDb))
  }

  get id(): string {
    return this.order.clip.id
  }

  get ready(): boolean {
    return this.#reader.inner.ready
  }

  /** Its end is known, and is that of a cut. */
  get endsByCut(): boolean {
    return this.#cut !== undefined && this.end === this.#cut.to
  }

  get faults(): readonly SegmentFault[] {
    return this.#reader.inner.faults
  }

  /** Declared frames that are still to be written. */
  get remaining(): number {
    return Math.max(0, clipFrames(this.order.clip) - this.#reader.position)
  }

  tend(): void {
    this.#reader.inner.tend()
  }

  blame(code: ReasonCode): void {
    this.#reader.inner.blame(code)
  }

  place(at: number, meant: number): void {
    this.start = at
    this.meant = meant
    const fadeMs = this.order.fadeInMs
    const fade = fadeMs > 0 ? fadeMs * FRAMES_PER_MS : this.order.fromFrame > 0 ? DECLICK_FRAMES : 0
    this.#fadeIn = fade > 0 ? { from: at, to: at + fade, start: 0, end: 1 } : steady(1)
    this.#reader.inner.play()
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
   * Writes its frames from device frame `at` on into `out` and says how many: fewer than asked when it ends (`end` is set).
   * Where nothing is at hand in time there is silence, and an underrun is counted.
   */
  render(out: Int16Array, at: number): number {
    const asked = out.length / this.#channels
    const limit = this.#cut === undefined ? asked : Math.min(asked, this.#cut.to - at)
    let done = 0
    while (done < limit) {
      const piece = out.subarray(done * this.#channels, limit * this.#channels)
      const run = this.#reader.read(piece)
      if (run.frames === 0) break
      this.#late = false
      this.#shape(piece.subarray(0, run.frames * this.#channels), at + done, run.gainDb)
      this.#note(at + done, run.position, run.frames)
      done += run.frames
    }
    if (limit < asked && done >= limit) return this.#endAt(at + done, done)
    if (done === limit) return done
    if (this.#reader.ended) return this.#endAt(at + done, done)
    if (!this.#late) this.underruns += 1
    this.#late = true
    out.fill(0, done * this.#channels, limit * this.#channels)
    return limit
  }

  /** Takes back what was written from device frame `at` on. Before its start: it has no place any more. */
  unrender(at: number): void {
    let taken = 0
    this.#spans = this.#spans.flatMap((span) => {
      const kept = Math.min(span.frames, Math.max(0, at - span.device))
      taken += span.frames - kept
      return kept > 0 ? [{ ...span, frames: kept }] : []
    })
    this.#reader.unread(taken)
    if (this.#cut !== undefined && !this.#cut.firm && this.#cut.from >= at) this.#cut = undefined
    if (this.end !== undefined && this.end > at) this.end = undefined
    if (this.start !== undefined && this.start >= at) {
      this.start = undefined
      this.end = undefined
    }
  }

  /** Frames of this piece before device frame `at`. */
  framesBefore(at: number): number {
    return this.#spans.reduce((sum, span) => sum + Math.min(span.frames, Math.max(0, at - span.device)), 0)
  }

  /** Position in the clip after the last frame before device frame `at`. */
  positionAt(at: number): number {
    const span = this.#spans.findLast(({ device }) => device < at)
    if (span === undefined) return this.order.fromFrame
    return span.position + Math.min(span.frames, at - span.device)
  }

  /** Peak of what was written since it was last asked, in dBFS. */
  takePeakDb(): number {
    const peak = this.#peak
    this.#peak = 0
    return peak === 0 ? -120 : 20 * Math.log10(peak / 32_768)
  }

  close(): void {
    this.#reader.inner.close()
  }

  #endAt(at: number, done: number): number {
    this.end = at
    return done
  }

  #shape(samples: Int16Array, at: number, segmentDb: number): void {
    const ramps = [this.#gain, this.#fadeIn, ...(this.#cut === undefined ? [] : [this.#cut])]
    this.#peak = Math.max(this.#peak, applyGain(samples, this.#channels, at, linearOf(segmentDb), ramps))
  }

  #note(device: number, position: number, frames: number): void {
    const last = this.#spans.at(-1)
    const joins =
      last !== undefined && last.device + last.frames === device && last.position + last.frames === position
    if (joins) this.#spans[this.#spans.length - 1] = { ...last, frames: last.frames + frames }
    else this.#spans.push({ device, position, frames })
  }
}
