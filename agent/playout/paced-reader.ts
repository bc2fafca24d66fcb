import type { ClipReader, Run } from './clip-reader.ts'
import { DriftLock } from './drift-lock.ts'
import { PieceAccount } from './piece-account.ts'
import { RewindableReader, type SoundFilter } from './rewindable.ts'
import { dropFrame, insertFrame, quietestPlace, SPLICE_FRAMES } from './splice.ts'

/** In a stretch shorter than this there is no choice of a quiet place. */
const SPLICEABLE_FRAMES = 3 * SPLICE_FRAMES
/** What is corrected is given in stretches of 20 ms: a crystal that is off by a thousandth can be followed. */
const CORRECTED_FRAMES = 10 * SPLICE_FRAMES

/** What a piece must know of the stream it goes into. */
export type Pace = {
  readonly channels: number
  /** More than the device holds, so that all of it can be taken back. */
  readonly historyFrames: number
  /** Wall time at which a frame of the device sounds, in milliseconds with fractions. */
  readonly wallOf: (frame: number) => number
  readonly filter?: SoundFilter | undefined
}

/** Sees frames that are not given yet: interleaved, from the `from`th on. */
export type SeeFrames = (samples: Int16Array, from: number, gainDb: number) => void

/** Gives the frames of a clip to the device at the pace of the wall clock, and keeps account of what lies where. */
export class PacedReader {
  readonly #reader: RewindableReader
  readonly #channels: number
  readonly #lock: DriftLock
  readonly #account: PieceAccount
  #ahead = new Int16Array(0)

  constructor(reader: ClipReader, { channels, historyFrames, wallOf, filter }: Pace) {
    this.#reader = new RewindableReader(reader, historyFrames, channels, filter)
    this.#channels = channels
    this.#lock = new DriftLock(wallOf)
    this.#account = new PieceAccount(2 * historyFrames)
  }

  /** Everything was given. */
  get ended(): boolean {
    return this.#reader.ended
  }

  /** Position in the clip of the next frame. */
  get position(): number {
    return this.#reader.position
  }

  /** How often a frame was left out or put in. */
  get corrections(): number {
    return this.#lock.corrections
  }

  /** Begins at a frame of the device that was meant to be `meant`. */
  begin(meant: number): void {
    this.#lock.begin(meant)
    this.#reader.inner.play()
  }

  /** Fills `out`, which goes to device frame `at`, as far as one run of the clip reaches. */
  read(out: Int16Array, at: number): { readonly frames: number; readonly gainDb: number } {
    const room = out.length / this.#channels
    const correction = room < SPLICEABLE_FRAMES ? 0 : this.#lock.look(at, this.#account.given)
    const most = correction === 0 ? room : Math.min(room, CORRECTED_FRAMES) - Math.max(0, correction)
    const run = this.#run(out.subarray(0, most * this.#channels))
    if (correction === 0 || run.frames < SPLICEABLE_FRAMES) {
      this.#account.note(at, run.frames, run.position)
      return run
    }
    const place = quietestPlace(out, this.#channels, run.frames)
    const splice = correction < 0 ? dropFrame : insertFrame
    splice(out, this.#channels, run.frames, place)
    const spliced = SPLICE_FRAMES + correction
    const after = place + SPLICE_FRAMES
    this.#lock.made(at + place, correction)
    this.#account.note(at, place, run.position)
    this.#account.note(at + place, spliced, run.position + place, SPLICE_FRAMES)
    this.#account.note(at + place + spliced, run.frames - after, run.position + after)
    return { frames: run.frames + correction, gainDb: run.gainDb }
  }

  /** Shows the next `frames`, as far as they are at hand, without giving them; says how many those are. */
  peek(frames: number, see: SeeFrames): number {
    if (this.#ahead.length < frames * this.#channels) this.#ahead = new Int16Array(frames * this.#channels)
    let seen = 0
    while (seen < frames) {
      const rest = this.#ahead.subarray(seen * this.#channels, frames * this.#channels)
      const run = this.#reader.read(rest)
      if (run.frames === 0) break
      see(rest.subarray(0, run.frames * this.#channels), seen, run.gainDb)
      seen += run.frames
    }
    this.#reader.unread(seen)
    return seen
  }

  /** Takes back what was given from device frame `at` on, to be read again. */
  takeBack(at: number): void {
    this.#reader.unread(this.#account.takeBack(at))
  }

  /** Frames of the clip before device frame `at`. */
  framesBefore(at: number): number {
    return this.#account.framesBefore(at)
  }

  /** Position in the clip after the last frame before device frame `at`; undefined before the first. */
  positionAt(at: number): number | undefined {
    return this.#account.positionAt(at)
  }

  /** One run, although a part of it was seen before and the rest was not. */
  #run(out: Int16Array): Run {
    const first = this.#reader.read(out)
    const rest = out.subarray(first.frames * this.#channels)
    if (first.frames === 0 || rest.length === 0) return first
    const more = this.#reader.read(rest)
    if (more.position === first.position + first.frames && more.gainDb === first.gainDb)
      return { ...first, frames: first.frames + more.frames }
    this.#reader.unread(more.frames)
    return first
  }
}
