import { FRAMES_PER_SECOND } from '../core/clip.ts'
import type { Track } from './track.ts'

export const PUMP_MS = 20
/** While one piece plays, or none, and nothing is about to change, on a device that holds several times as much. */
export const STEADY_MS = 120
/** Four steady turns: four reports lie within the 2 s to which the position is known. */
export const PROGRESS_MS = 4 * STEADY_MS
const STEADY_FRAMES = (3 * STEADY_MS * FRAMES_PER_SECOND) / 1000
/** While the device is not needed. */
const IDLE_MS = 250

/** Most frames made at once: what is too loud in them costs the whole block its short way. */
export const BLOCK_FRAMES = (60 * FRAMES_PER_SECOND) / 1000
/** Where the device holds less than this the first frames shall not wait for a whole block. */
const SCARCE_FRAMES = 960
const HASTY_BLOCK_FRAMES = 240

/** How many frames to write next into a device that holds `queuedFrames`. */
export const blockFrames = (queuedFrames: number): number =>
  queuedFrames < SCARCE_FRAMES ? HASTY_BLOCK_FRAMES : BLOCK_FRAMES

const isSteady = ([playing, next]: readonly Track[]): boolean =>
  next === undefined &&
  (playing === undefined || (playing.startReported && playing.end === undefined && !playing.starving))

/** How soon the engine looks again. `queuedFrames`: what the device holds, undefined while it is closed. */
export const turnAgainMs = (
  tracks: readonly Track[],
  queuedFrames: number | undefined,
  relaysRest: boolean,
): number => {
  if (tracks.length === 0 && !relaysRest) return PUMP_MS
  if (queuedFrames === undefined) return tracks.length === 0 ? IDLE_MS : PUMP_MS
  return isSteady(tracks) && queuedFrames >= STEADY_FRAMES ? STEADY_MS : PUMP_MS
}
