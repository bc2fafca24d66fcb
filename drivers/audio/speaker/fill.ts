import { FRAMES_PER_SECOND } from '../../../agent/core/clip.ts'

/** Length of the ring the package asks of every device. */
export const SPEAKER_RING_MS = 500

/**
 * The driver is kept filled at least this deep, more than the ring holds. Then the ring is always full and what it takes
 * paces the estimate: with a ring half full a fast crystal would eat the queue, and the device would stutter unseen.
 */
export const SPEAKER_FILL_MS = 600
export const SPEAKER_FILL_FRAMES = (SPEAKER_FILL_MS * FRAMES_PER_SECOND) / 1000
