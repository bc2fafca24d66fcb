import type { RelayBoard } from './relay-board.ts'
import type { Track } from './track.ts'
import type { WallClock } from './wall-clock.ts'

/** The device is opened this long before it is needed, and kept this long after. */
const OPEN_BEFORE_MS = 3000
const KEEP_OPEN_MS = 30_000
/** A piece waits this long for a device that is missing or was lost. */
const DEVICE_PATIENCE_MS = 10_000

/** Says when the sound device is to be open, and which pieces have waited too long for it. */
export class DeviceNeed {
  readonly #relays: RelayBoard
  readonly #clock: WallClock
  #keepUntilMs = Number.NEGATIVE_INFINITY
  #missingSinceMs: number | undefined

  constructor(relays: RelayBoard, clock: WallClock) {
    this.#relays = relays
    this.#clock = clock
  }

  warm(seconds: number): void {
    this.#keepUntilMs = Math.max(this.#keepUntilMs, this.#clock.nowMs() + 1000 * seconds)
  }

  isNeeded(tracks: readonly Track[], nowMs: number): boolean {
    if (tracks.some((track) => this.#isNear(track, nowMs)))
      this.#keepUntilMs = Math.max(this.#keepUntilMs, nowMs + KEEP_OPEN_MS)
    return nowMs < this.#keepUntilMs
  }

  found(): void {
    this.#missingSinceMs = undefined
  }

  /** Something sounds, or will within `ms` of its due time. */
  soundsWithin(ms: number, tracks: readonly Track[], nowMs: number): boolean {
    return tracks.some((track) => track.startReported || this.#clock.monoOf(track.order.at) - nowMs < ms)
  }

  /** The pieces that should sound and have gone without a device for too long; they have failed for it. */
  giveUp(tracks: readonly Track[], nowMs: number): readonly Track[] {
    this.#missingSinceMs ??= nowMs
    const missingSinceMs = this.#missingSinceMs
    const overdue = tracks.filter((track) => {
      const dueMs = track.start === undefined ? this.#clock.monoOf(track.order.at) : Number.NEGATIVE_INFINITY
      return nowMs - Math.max(dueMs, missingSinceMs) >= DEVICE_PATIENCE_MS
    })
    for (const track of overdue)
      track.failure = { code: 'AUDIO_DEVICE', message: 'the sound device is missing' }
    return overdue
  }

  #isNear(track: Track, nowMs: number): boolean {
    const beforeMs = OPEN_BEFORE_MS + this.#relays.leadMs(track.order.clip.amplifiers)
    return track.start !== undefined || this.#clock.monoOf(track.order.at) - nowMs < beforeMs
  }
}
