import { FRAMES_PER_SECOND } from '../../../agent/core/clip.ts'

/** So many frames in a row whose signs agree are no chance. */
const SURE_FRAMES = 64
/** Less than this of a window agrees: the programme is not heard there. */
const LEAST_AGREEING = 52
/** So many at the edge of what is heard. */
const EDGE_FRAMES = 8
/** A programme that went on further from its cut than this is not found. */
const SEARCH_FRAMES = FRAMES_PER_SECOND
const STEP_FRAMES = FRAMES_PER_SECOND / 100
/** The drift lock moves a programme by single frames. */
const SHIFTS = [0, 1, -1, 2, -2] as const
/** Where the device was emptied for an alert the fade may follow from a place a little off: up to 1 ms. */
const MOST_JUMP_FRAMES = FRAMES_PER_SECOND / 1000
const JUMPS = Array.from({ length: 2 * MOST_JUMP_FRAMES + 1 }, (_, index) => index - MOST_JUMP_FRAMES)

/** `heard` compared with `source` laid `lag` frames later: what `heard` has at `frame` the source has at `frame + lag`. */
class Comparison {
  readonly #heard: Int16Array
  readonly #source: Int16Array

  constructor(heard: Int16Array, source: Int16Array) {
    this.#heard = heard
    this.#source = source
  }

  agrees(frame: number, lag: number): boolean {
    const [a, b] = [this.#heard[frame] ?? 0, this.#source[frame + lag] ?? 0]
    return a !== 0 && b !== 0 && a > 0 === b > 0
  }

  isWhole(frame: number, lag: number, frames: number): boolean {
    for (let at = frame; at < frame + frames; at += 1) if (!this.agrees(at, lag)) return false
    return true
  }

  /** Where the programme is in its source at `frame`, looked for around `near`. */
  lagAt(frame: number, near: number): number | undefined {
    const from = Math.max(0, frame + near - SEARCH_FRAMES)
    for (let place = from; place < frame + near + SEARCH_FRAMES; place += 1)
      if (this.isWhole(frame, place - frame, SURE_FRAMES)) return place - frame
    return undefined
  }

  /** The lag with which the window at `frame` agrees: `lag`, or one that the drift lock made of it. */
  follow(frame: number, lag: number, shifts: readonly number[] = SHIFTS): number | undefined {
    return shifts.map((shift) => lag + shift).find((each) => this.#agreeing(frame, each) >= LEAST_AGREEING)
  }

  /** To where the programme that is at `frame` with `lag` goes on, with which lag, and what it left out on the way. */
  runFrom(
    from: number,
    begun: number,
  ): { readonly frame: number; readonly lag: number; readonly jumped: number } {
    let [frame, lag, jumped] = [from, begun, 0]
    for (;;) {
      const next = this.follow(frame, lag)
      if (next !== undefined) {
        lag = next
        frame += SURE_FRAMES / 4
        continue
      }
      const after = this.follow(frame + SURE_FRAMES, lag, JUMPS)
      if (after === undefined) return { frame, lag, jumped }
      jumped += after - lag
      lag = after
      frame += SURE_FRAMES
    }
  }

  #agreeing(frame: number, lag: number): number {
    let agreeing = 0
    for (let at = frame; at < frame + SURE_FRAMES; at += 1) if (this.agrees(at, lag)) agreeing += 1
    return agreeing
  }
}

/** Nearer to each other than this, two pieces are one in which the drift lock glided over a frame. */
const SHORTEST_CUT_FRAMES = FRAMES_PER_SECOND / 2

/** Places in the source of the first and the last frame heard, where in `heard` the last one lies, and what was left out within. */
type Piece = {
  readonly first: number
  readonly last: number
  readonly heardTo: number
  readonly jumped: number
}

/** Each piece that was heard, in order. */
const piecesOf = (heard: Int16Array, source: Int16Array): readonly Piece[] => {
  const comparison = new Comparison(heard, source)
  const pieces: Piece[] = []
  let near = 0
  for (let frame = 0; frame < heard.length - SURE_FRAMES; ) {
    const found = comparison.lagAt(frame, near - frame)
    if (found === undefined) {
      frame += STEP_FRAMES
      continue
    }
    let first = frame
    while (comparison.isWhole(first - 1, found, EDGE_FRAMES)) first -= 1
    const end = comparison.runFrom(frame, found)
    const { lag, jumped } = end
    frame = end.frame
    // The window that agrees no more may begin with the last frames of the piece.
    let last = frame + SURE_FRAMES
    while (!comparison.isWhole(last - EDGE_FRAMES + 1, lag, EDGE_FRAMES)) last -= 1
    const before = pieces.at(-1)
    const goesOn = before !== undefined && first - before.heardTo < SHORTEST_CUT_FRAMES
    const begun = goesOn ? pieces.pop() : undefined
    pieces.push({
      first: begun?.first ?? first + found,
      last: last + lag,
      heardTo: last,
      jumped: jumped + (begun?.jumped ?? 0),
    })
    near = last + lag + 1
    frame += SURE_FRAMES
  }
  return pieces
}

/**
 * How many frames of `source`, in which no two stretches are alike, were left out (above 0) or heard twice (below) between
 * each piece of it that `heard` holds and the next, at any volume, with fades.
 */
export const positionErrors = (heard: Int16Array, source: Int16Array): readonly number[] => {
  const pieces = piecesOf(heard, source)
  return pieces
    .slice(1)
    .map(({ first }, index) => first - ((pieces[index]?.last ?? 0) + 1) + (pieces[index]?.jumped ?? 0))
}
