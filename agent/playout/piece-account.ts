/** Frames of the clip that lie in the stream without a gap: `frames` of the device carry `sources` of the clip, as a rule as many. */
type Span = {
  readonly device: number
  readonly frames: number
  readonly position: number
  readonly sources: number
}

const sourcesBefore = (span: Span, at: number): number =>
  at >= span.device + span.frames
    ? span.sources
    : Math.max(0, Math.round(((at - span.device) * span.sources) / span.frames))

/** Keeps account of which frames of a clip lie where in the stream of the device. */
export class PieceAccount {
  readonly #keepFrames: number
  #spans: Span[] = []
  /** Frames of spans too old to be taken back. */
  #settled = 0
  #given = 0

  /** `keepFrames`: how far back frames may be taken or asked about. */
  constructor(keepFrames: number) {
    this.#keepFrames = keepFrames
  }

  /** Frames of the clip written and not taken back. */
  get given(): number {
    return this.#given
  }

  /** `frames` from device frame `device` on carry `sources` frames of the clip from `position` on. */
  note(device: number, frames: number, position: number, sources = frames): void {
    this.#given += sources
    const last = this.#spans.at(-1)
    const joins =
      last !== undefined &&
      last.device + last.frames === device &&
      last.position + last.sources === position &&
      last.frames === last.sources &&
      frames === sources
    if (joins)
      this.#spans[this.#spans.length - 1] = {
        ...last,
        frames: last.frames + frames,
        sources: last.sources + sources,
      }
    else if (frames > 0) this.#spans.push({ device, frames, position, sources })
    this.#settle(device - this.#keepFrames)
  }

  /** Takes back what was written from device frame `at` on, and says how many frames of the clip that were. */
  takeBack(at: number): number {
    const before = this.#given
    this.#spans = this.#spans.flatMap((span) => {
      const frames = Math.min(span.frames, Math.max(0, at - span.device))
      return frames > 0 ? [{ ...span, frames, sources: sourcesBefore(span, at) }] : []
    })
    this.#given = this.framesBefore(at)
    return before - this.#given
  }

  /** Frames of the clip before device frame `at`. */
  framesBefore(at: number): number {
    return this.#spans.reduce((sum, span) => sum + sourcesBefore(span, at), this.#settled)
  }

  /** Position in the clip after the last frame before device frame `at`; undefined before the first. */
  positionAt(at: number): number | undefined {
    const span = this.#spans.findLast(({ device }) => device < at)
    return span === undefined ? undefined : span.position + sourcesBefore(span, at)
  }

  /** Counts old spans together: a drift of the crystal makes several a second. */
  #settle(before: number): void {
    for (
      let first = this.#spans[0];
      first !== undefined && this.#spans.length > 1 && first.device + first.frames < before;
      first = this.#spans[0]
    ) {
      this.#settled += first.sources
      this.#spans.shift()
    }
  }
}
