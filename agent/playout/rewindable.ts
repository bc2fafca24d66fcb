import type { ClipReader, Run } from './clip-reader.ts'

type Mark = {
  /** Count of frames given before it. */ readonly seq: number
  readonly position: number
  readonly gainDb: number
}

/** Changes the sound of a clip, frame after frame. */
export interface SoundFilter {
  /** It takes the level down by this much, so that what it raises has room; to be made up for by the gain. */
  readonly headroomDb: number
  /** Filters frames in place; those of one clip, in order. */
  apply(samples: Int16Array): void
}

/**
 * Remembers what a clip gave last, so that what was taken back from the device can be written again otherwise:
 * faded, louder, or later.
 */
export class RewindableReader {
  readonly inner: ClipReader
  readonly #channels: number
  readonly #filter: SoundFilter | undefined
  readonly #capacity: number
  readonly #history: Int16Array
  readonly #marks: Mark[] = []
  /** Frames the clip gave, and frames of them that are given on: less after `unread`. */
  #taken = 0
  #given = 0

  constructor(inner: ClipReader, capacityFrames: number, channels: number, filter?: SoundFilter) {
    this.inner = inner
    this.#filter = filter
    this.#channels = channels
    this.#capacity = capacityFrames
    this.#history = new Int16Array(capacityFrames * channels)
  }

  get ended(): boolean {
    return this.#given === this.#taken && this.inner.ended
  }

  /** Position in the clip of the next frame. */
  get position(): number {
    if (this.#given === this.#taken) return this.inner.position
    const mark = this.#markAt(this.#given)
    return mark === undefined ? this.inner.position : mark.position + this.#given - mark.seq
  }

  read(out: Int16Array): Run {
    return this.#given < this.#taken ? this.#replay(out) : this.#pull(out)
  }

  /** Steps back over the last `frames`; at most the capacity. */
  unread(frames: number): void {
    this.#given = Math.max(this.#given - frames, 0, this.#taken - this.#capacity)
  }

  #pull(out: Int16Array): Run {
    const run = this.#filtered(out)
    if (run.frames === 0) return run
    const last = this.#marks.at(-1)
    const continues =
      last !== undefined &&
      last.position + this.#taken - last.seq === run.position &&
      last.gainDb === run.gainDb
    if (!continues) this.#marks.push({ seq: this.#taken, position: run.position, gainDb: run.gainDb })
    this.#remember(out.subarray(0, run.frames * this.#channels))
    this.#taken += run.frames
    this.#given = this.#taken
    this.#forgetMarks()
    return run
  }

  #filtered(out: Int16Array): Run {
    const run = this.inner.read(out)
    if (this.#filter === undefined || run.frames === 0) return run
    this.#filter.apply(out.subarray(0, run.frames * this.#channels))
    return { ...run, gainDb: run.gainDb + this.#filter.headroomDb }
  }

  #replay(out: Int16Array): Run {
    const mark = this.#markAt(this.#given)
    const following = this.#marks.find(({ seq }) => seq > this.#given)
    const until = following?.seq ?? this.#taken
    const frames = Math.min(out.length / this.#channels, until - this.#given)
    for (let done = 0; done < frames; ) {
      const at = (this.#given + done) % this.#capacity
      const piece = Math.min(frames - done, this.#capacity - at)
      out.set(
        this.#history.subarray(at * this.#channels, (at + piece) * this.#channels),
        done * this.#channels,
      )
      done += piece
    }
    const position = mark === undefined ? this.inner.position : mark.position + this.#given - mark.seq
    this.#given += frames
    return { frames, position, gainDb: mark?.gainDb ?? 0 }
  }

  #remember(samples: Int16Array): void {
    const count = samples.length / this.#channels
    for (let done = 0; done < count; ) {
      const at = (this.#taken + done) % this.#capacity
      const piece = Math.min(count - done, this.#capacity - at)
      this.#history.set(
        samples.subarray(done * this.#channels, (done + piece) * this.#channels),
        at * this.#channels,
      )
      done += piece
    }
  }

  #markAt(seq: number): Mark | undefined {
    return this.#marks.findLast((mark) => mark.seq <= seq)
  }

  #forgetMarks(): void {
    const oldest = this.#taken - this.#capacity
    while (this.#marks.length > 1 && (this.#marks[1]?.seq ?? Number.POSITIVE_INFINITY) <= oldest)
      this.#marks.shift()
  }
}
