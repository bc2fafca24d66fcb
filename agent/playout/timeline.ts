import { FRAMES_PER_SECOND } from '../core/clip.ts'
import { CEILING } from './limiter.ts'
import type { Track } from './track.ts'

/** What sounds gives way to a takeover over this many frames, which end at its instant, or begin there when it is due already. */
export const TAKEOVER_FADE_FRAMES = FRAMES_PER_SECOND / 200

/** The device frame a waiting track is meant for, not counting what sounds before it; it may lie in the past. */
export type MeantFrame = (track: Track) => number

/**
 * Tracks laid out along the frames of the stream, each with its place fixed when its first frame is written and open
 * again when that is taken back. One at any frame, but where a takeover that is due already begins: it sounds over the
 * fade of what it cuts.
 */
export class Timeline {
  readonly #meant: MeantFrame
  readonly #channels: number
  #over = new Int16Array(0)
  #placed: Track[] = []
  #waiting: Track | undefined

  constructor(meant: MeantFrame, channels: number) {
    this.#meant = meant
    this.#channels = channels
  }

  /** Tracks with a place, in order, then the one that waits for its. */
  get tracks(): readonly Track[] {
    return this.#waiting === undefined ? this.#placed : [...this.#placed, this.#waiting]
  }

  get waiting(): Track | undefined {
    return this.#waiting
  }

  wait(track: Track | undefined): void {
    this.#waiting = track
  }

  /** The track that has a place and whose end is not yet known or lies after `frame`. */
  at(frame: number): Track | undefined {
    return this.#placed.find((track) => (track.start ?? frame) <= frame && (track.end ?? frame + 1) > frame)
  }

  remove(track: Track): void {
    this.#placed = this.#placed.filter((other) => other !== track)
    if (this.#waiting === track) this.#waiting = undefined
  }

  /** Where a waiting track will start if nothing changes, not before `from`; undefined while that cannot be said. */
  startOf(track: Track, from: number): number | undefined {
    const meant = this.#meant(track)
    if (!Number.isFinite(meant)) return undefined
    if (track.order.takeover) return Math.max(meant, from)
    const previous = this.#placed.at(-1)
    const free = previous === undefined ? from : previous.end
    return free === undefined ? undefined : Math.max(meant, from, free)
  }

  /**
   * Fills `out` with the frames from device frame `at` on. Says how many: all, or fewer when the caller is `patient` and a
   * source has nothing at hand yet.
   */
  render(out: Int16Array, at: number, patient: boolean): number {
    const until = at + out.length / this.#channels
    this.#makeRoom(at, until)
    let cursor = at
    while (cursor < until) {
      const part = out.subarray((cursor - at) * this.#channels)
      const track = this.at(cursor)
      const frames =
        track === undefined ? this.#renderGap(part, cursor, until) : track.render(part, cursor, patient)
      if (track !== undefined) this.#mix(track, part.subarray(0, frames * this.#channels), cursor)
      cursor += frames
      if (track?.starving === true) break
    }
    return cursor - at
  }

  /** Adds what sounds over a track that fades. */
  #mix(fading: Track, out: Int16Array, at: number): void {
    const over = this.#placed[this.#placed.indexOf(fading) + 1]
    if (over?.start === undefined || over.start > at) return
    if (this.#over.length < out.length) this.#over = new Int16Array(out.length)
    const added = this.#over.subarray(0, out.length)
    const frames = over.render(added, at, false)
    for (let index = 0; index < frames * this.#channels; index += 1) {
      const sum = (out[index] ?? 0) + (added[index] ?? 0)
      out[index] = Math.max(-CEILING, Math.min(CEILING, sum))
    }
  }

  /** Everything from device frame `at` on was taken back. Answers the tracks that lost their place to one that waits. */
  unrender(at: number): readonly Track[] {
    for (const track of this.#placed) track.unrender(at)
    const displaced = this.#placed.filter((track) => track.start === undefined)
    this.#placed = this.#placed.filter((track) => track.start !== undefined)
    this.#waiting ??= displaced.pop()
    return displaced
  }

  /** Silence up to where the waiting track starts; 0 when that is here, and it has its place now. */
  #renderGap(out: Int16Array, cursor: number, until: number): number {
    const next = this.#waiting
    const start = next?.ready === true ? this.startOf(next, cursor) : undefined
    if (next !== undefined && start !== undefined && Math.round(start) <= cursor) {
      this.#place(next, cursor, this.#meant(next))
      return 0
    }
    const silent = Math.min(until, start === undefined ? until : Math.round(start)) - cursor
    out.fill(0, 0, silent * this.#channels)
    return silent
  }

  #place(track: Track, at: number, meant: number): void {
    track.place(at, meant)
    this.#placed.push(track)
    this.#waiting = undefined
  }

  /** Plans the cut of what sounds when a takeover falls due in `at`..`until` or shortly after. */
  #makeRoom(at: number, until: number): void {
    const next = this.#waiting
    const live = this.at(at)
    if (next === undefined || live === undefined || !(next.order.takeover && next.ready)) return
    const meant = this.#meant(next)
    if (meant <= at) {
      live.cutAt(at, at + TAKEOVER_FADE_FRAMES, false)
      this.#place(next, at, meant)
      return
    }
    const start = Math.round(Math.max(meant, at + TAKEOVER_FADE_FRAMES))
    if (start - TAKEOVER_FADE_FRAMES < until) live.cutAt(start - TAKEOVER_FADE_FRAMES, start, false)
  }
}
