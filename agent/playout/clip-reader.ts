import { type Clip, FRAMES_PER_SECOND, type Segment } from '../core/clip.ts'
import type { ReasonCode } from '../core/codes.ts'
import { AHEAD_FRAMES } from './media-source.ts'
import type { Source } from './source.ts'

/** Opens a segment at a frame of it. */
export type OpenSource = (segment: Segment, fromFrame: number) => Source

/** Frames that follow each other in the clip too. `frames` 0: nothing at hand. */
export type Run = {
  readonly frames: number
  /** Position in the clip of the first of them. */
  readonly position: number
  readonly gainDb: number
}

export type SegmentFault = {
  readonly segment: number
  readonly code: ReasonCode
  /** Frames of silence in place of sound that did not come. */
  readonly lost?: number
}

type Opened = { readonly index: number; readonly start: number; readonly source: Source }

/** Enough at hand to begin: decoders give more than real time from then on. */
const READY_FRAMES = FRAMES_PER_SECOND / 4

/**
 * Reads a clip from any frame to its end, segment after segment, opening what comes next while the last still plays.
 * Positions count declared frames: a file shorter than declared ends early, and the position jumps to the end of its segment.
 */
export class ClipReader {
  readonly #clip: Clip
  readonly #open: OpenSource
  readonly #total: number
  readonly #opened: Opened[] = []
  readonly #faults: SegmentFault[] = []
  #nextIndex = 0
  #nextStart = 0
  #position: number
  #ahead: number = AHEAD_FRAMES.waiting
  #closed = false

  constructor(clip: Clip, fromFrame: number, open: OpenSource) {
    this.#clip = clip
    this.#open = open
    this.#position = fromFrame
    this.#total = clip.segments.reduce((sum, segment) => sum + segment.frames, 0)
    for (const segment of clip.segments) {
      if (this.#nextStart + segment.frames > fromFrame) break
      this.#nextStart += segment.frames
      this.#nextIndex += 1
    }
    this.tend()
  }

  /** Position of the next frame it will give. */
  get position(): number {
    return this.#position
  }

  get ended(): boolean {
    return this.#closed || (this.#opened.length === 0 && this.#nextIndex >= this.#clip.segments.length)
  }

  get ready(): boolean {
    const first = this.#opened[0]
    return first === undefined || first.source.complete || first.source.buffered >= READY_FRAMES
  }

  get faults(): readonly SegmentFault[] {
    return this.#faults
  }

  /** From now on it sounds: decode as far ahead as memory is set aside for. */
  play(): void {
    this.#ahead = AHEAD_FRAMES.playing
    for (const { source } of this.#opened) source.setAhead(this.#ahead)
  }

  /** Marks the segment that plays now as not wholly heard. */
  blame(code: ReasonCode): void {
    const index = this.#opened[0]?.index ?? Math.max(0, this.#nextIndex - 1)
    this.#note(index, code)
  }

  read(out: Int16Array): Run {
    this.tend()
    const current = this.#opened[0]
    if (current === undefined) return { frames: 0, position: this.#position, gainDb: 0 }
    const segment = this.#clip.segments[current.index]
    const position = this.#position
    const frames = current.source.read(out)
    this.#position += frames
    return { frames, position, gainDb: segment !== undefined && 'gainDb' in segment ? segment.gainDb : 0 }
  }

  /** Leaves what has ended behind and opens what comes next; to be called often. */
  tend(): void {
    if (this.#closed) return
    for (let current = this.#opened[0]; current && this.#isOver(current); current = this.#opened[0])
      this.#leave(current)
    while (this.#wantsNext()) this.#openNext()
  }

  close(): void {
    this.#closed = true
    const [current] = this.#opened
    // What a file lacks it lacks at its end; what a stream lacked until now was never heard.
    if (current?.source.lost !== undefined) this.#noteSource(current)
    for (const { source } of this.#opened) source.close()
    this.#opened.length = 0
  }

  /** Dead air gives way to what follows; with nothing to follow it may as well come back. */
  #isOver({ index, source }: Opened): boolean {
    return source.ended || (source.dead === true && index + 1 < this.#clip.segments.length)
  }

  #leave(current: Opened): void {
    const segment = this.#clip.segments[current.index]
    this.#opened.shift()
    this.#position = Math.min(this.#total, current.start + (segment?.frames ?? 0))
    this.#noteSource(current)
    current.source.close()
    if (this.#opened.length === 0 && this.#wantsNext()) this.#openNext()
  }

  /** One decoder at a time: the next segment is opened when the last opened one has all it needs. */
  #wantsNext(): boolean {
    if (this.#nextIndex >= this.#clip.segments.length) return false
    const last = this.#opened.at(-1)
    if (last === undefined) return true
    const buffered = this.#opened.reduce((sum, { source }) => sum + source.buffered, 0)
    return last.source.complete && buffered < this.#ahead
  }

  #openNext(): void {
    const segment = this.#clip.segments[this.#nextIndex]
    if (segment === undefined) return
    const source = this.#open(segment, Math.max(0, this.#position - this.#nextStart))
    source.setAhead(this.#ahead)
    this.#opened.push({ index: this.#nextIndex, start: this.#nextStart, source })
    this.#nextIndex += 1
    this.#nextStart += segment.frames
  }

  #noteSource({ index, source }: Opened): void {
    if (source.fault !== undefined) this.#note(index, source.fault, source.lost)
  }

  #note(segment: number, code: ReasonCode, lost?: number): void {
    if (this.#faults.some((fault) => fault.segment === segment)) return
    this.#faults.push({ segment, code, ...(lost === undefined ? {} : { lost }) })
  }
}
