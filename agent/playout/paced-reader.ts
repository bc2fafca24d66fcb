import type { ClipReader } from './clip-reader.ts'
import { DriftLock } from './drift-lock.ts'
import { PieceAccount } from './piece-account.ts'
import { RewindableReader } from './rewindable.ts'
import { dropFrame, insertFrame, quietestPlace, SPLICE_FRAMES } from './splice.ts'

/** In a stretch shorter than this there is no choice of a quiet place. */
const SPLICEABLE_FRAMES = 3 * SPLICE_FRAMES

/** Wall time at which a frame of the device leaves it, in milliseconds with fractions. */
export type WallOfFrame = (frame: number) => number

/** Gives the frames of a clip to the device at the pace of the wall clock, and keeps account of what lies where. */
export class PacedReader {
  readonly #reader: RewindableReader
  readonly #channels: number
  readonly #lock: DriftLock
  readonly #account: PieceAccount

  constructor(reader: ClipReader, historyFrames: number, channels: number, wallOf: WallOfFrame) {
    this.#reader = new RewindableReader(reader, historyFrames, channels)
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
    const run = this.#reader.read(correction > 0 ? out.subarray(0, out.length - this.#channels) : out)
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
}
