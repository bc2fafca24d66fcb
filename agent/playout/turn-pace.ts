import { FRAMES_PER_SECOND } from '../core/clip.ts'
import type { Track } from './track.ts'

export const PUMP_MS = 20
/** While one piece plays, or none, and nothing is about to change, on a device that holds several times as much. */
export const STEADY_MS = 60
/** Eight steady turns: four reports lie within the 2 s to which the position is known. */
export const PROGRESS_MS = 8 * STEADY_MS
const STEADY_FRAMES = (4 * STEADY_MS * FRAMES_PER_SECOND) / 1000

/** Most frames written at once: those of a steady turn. */
export const BLOCK_FRAMES = (STEADY_MS * FRAMES_PER_SECOND) / 1000
/** Where the device holds less than this the first frames shall not wait for a whole block. */
const SCARCE_FRAMES = 960
const HASTY_BLOCK_FRAMES = 240

/** How many frames to write next into a device that holds `queuedFrames`. */
export const blockFrames = (queuedFrames: number): number =>
  queuedFrames < SCARCE_FRAMES ? HASTY_BLOCK_FRAMES : BLOCK_FRAMES

/** How soon the engine looks again while it has something to do; `queuedFrames`: what the device holds. */
export const turnAgainMs = ([playing, next]: readonly Track[], queuedFrames: number): number => {
  const steady =
    next === undefined &&
    (playing === undefined || (playing.startReported && playing.end === undefined && !playing.starving))
  return steady && queuedFrames >= STEADY_FRAMES ? STEADY_MS : PUMP_MS
}
