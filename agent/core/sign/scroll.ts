import type { Steps } from './step.ts'

/** Below this rate scrolling text cannot be read. */
export const SMOOTH_FRAMES_PER_SECOND = 15
const MOST_FRAMES_PER_SECOND = 30

/** Pixels a second. */
export type Pace = { readonly easy: number; readonly fastest: number }
/** A 9 pixel letter every 0.3 s. */
export const LEFT_PACE: Pace = { easy: 30, fastest: 120 }
/** A line of 15 rows every second and a half. */
export const UP_PACE: Pace = { easy: 10, fastest: 30 }

const HOLD_MS = 1000
const LONGEST_HOLD_MS = 2000
/** So much of a pixel is rounding, not movement still to come. */
const ROUNDING = 1e-6

/** The beginning stands for a moment before it moves: it is read at once, and an alert is not a dark panel first. */
const holdOf = (durationMs: number): number => Math.min(HOLD_MS, durationMs / 5)

type Course = {
  /** Passes in one showing of the page, at least 1. */
  readonly passes: number
  readonly holdMs: number
  readonly pixelsPerMs: number
  /** Pixels by which each further showing begins later, when one showing is too short for the whole text. */
  readonly carried: number
  readonly hurried: boolean
}

/**
 * A pass: the text stands, leaves on one side and comes in again on the other. As many whole passes as fit at an easy speed;
 * if not even one does, one faster pass that ends when the text has left; if even that is too fast to be read,
 * the text goes on in the next showing of the page.
 */
const courseOf = (length: number, window: number, durationMs: number, pace: Pace): Course => {
  const holdMs = holdOf(durationMs)
  const round = length + window
  const easyMs = (round * 1000) / pace.easy
  const passes = Math.floor(durationMs / (holdMs + easyMs))
  if (passes >= 1) return easyCourse(round, passes, durationMs / passes, easyMs)
  const movingMs = durationMs - holdMs
  const needed = Math.max(pace.easy, (length * 1000) / movingMs)
  const hurried = needed > pace.fastest
  const pixelsPerMs = Math.min(needed, pace.fastest) / 1000
  const carried = hurried ? Math.floor(movingMs * pixelsPerMs) : 0
  return { passes: 1, holdMs, pixelsPerMs, carried, hurried }
}

/** Time to spare goes into the standing text first, for even movement, and then into a slower one. */
const easyCourse = (round: number, passes: number, passMs: number, easyMs: number): Course => {
  const holdMs = Math.min(LONGEST_HOLD_MS, passMs - easyMs)
  return { passes, holdMs, pixelsPerMs: round / (passMs - holdMs), carried: 0, hurried: false }
}

/** The longest text that passes once at an easy pace in its time. */
export const easyLength = (window: number, durationMs: number, pace: Pace): number =>
  ((durationMs - holdOf(durationMs)) * pace.easy) / 1000 - window

/**
 * Host scrolling of a text of so many pixels through a window of so many, whole pixels at a time.
 * An index is how many pixels the text has moved; `startOf` gives the place in the window where the text begins then.
 */
export const scrollSteps = (
  length: number,
  window: number,
  framesPerSecond: number,
  durationMs: number,
  pace: Pace,
): {
  readonly steps: Steps
  readonly startOf: (index: number) => number
  readonly hurried: boolean
} => {
  const course = courseOf(length, window, durationMs, pace)
  const frameMs = 1000 / Math.min(MOST_FRAMES_PER_SECOND, framesPerSecond)
  const passMs = durationMs / course.passes
  const round = length + window
  const steps: Steps = (elapsedMs, turn) => {
    const passStart = Math.floor(elapsedMs / passMs) * passMs
    // A look that is late tells what stood due: else it would run into the next pixel, and the frame after it would bring nothing.
    const dueMs = Math.floor(elapsedMs / frameMs + ROUNDING) * frameMs
    const movingMs = dueMs - passStart - course.holdMs
    const moved = Math.floor(Math.max(0, movingMs) * course.pixelsPerMs + ROUNDING)
    const nextMove = passStart + course.holdMs + (moved + 1) / course.pixelsPerMs
    const nextFrame = Math.ceil(nextMove / frameMs - ROUNDING) * frameMs
    const start = (turn * course.carried) % Math.max(1, length)
    return { index: (start + moved) % round, nextMs: Math.max(1, nextFrame - elapsedMs) }
  }
  return { steps, hurried: course.hurried, startOf: (index) => (index < length ? -index : round - index) }
}
