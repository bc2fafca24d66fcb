import { FRAMES_PER_SECOND } from '../../agent/core/clip.ts'

/** A click at each full second, and silence. */
export const clicks = (seconds: number): Int16Array =>
  Int16Array.from({ length: seconds * FRAMES_PER_SECOND }, (_, frame) =>
    frame % FRAMES_PER_SECOND < 240 ? (frame % 48 < 24 ? 16_000 : -16_000) : 0,
  )
