import type { DeviceStream } from './device-stream.ts'
import type { ClipDemand, RelayBoard } from './relay-board.ts'
import type { Timeline } from './timeline.ts'
import type { Track } from './track.ts'
import type { WallClock } from './wall-clock.ts'

/** Relays close this much before settle time would ask for it, so that a late turn of the event loop delays no sound. */
const RELAY_LEAD_MS = 100
const NS_PER_MS = 1e6

/** Says which relays the tracks need and when, and when the relays let the tracks sound. */
export class RelayDuty {
  readonly #relays: RelayBoard
  readonly #stream: DeviceStream
  readonly #timeline: () => readonly Track[]
  readonly #clock: WallClock

  constructor(relays: RelayBoard, stream: DeviceStream, timeline: () => Timeline, clock: WallClock) {
    this.#relays = relays
    this.#stream = stream
    this.#timeline = () => timeline().tracks
    this.#clock = clock
  }

  /**
   * Drives the relays; answers the tracks that have failed: they need theirs now and every relay of them failed, or that would be heard
   * through an amplifier which is not theirs and does not go off.
   */
  drive(nowMs: number, muted: boolean): readonly Track[] {
    const wanting = this.#timeline().map((track) => ({ track, demand: this.#demand(track) }))
    this.#relays.tick(
      wanting.map(({ demand }) => demand),
      nowMs,
      muted,
    )
    const failed = wanting.flatMap(({ track, demand }) =>
      demand.fromMs <= nowMs && this.#mustNotSound(track) ? [track] : [],
    )
    for (const track of failed) {
      const relays = track.order.clip.amplifiers.join(', ')
      track.failure = { code: 'AMPLIFIER', message: `no relay of ${relays} can be driven` }
    }
    return failed
  }

  /** The frame a track is meant for: its instant, or the end of settle time if that is later. */
  meantFrame(track: Track): number {
    const allowedMs = this.#relays.soundAllowedMs(track.order.clip.amplifiers, this.#clock.nowMs())
    return this.#stream.frameAt(Math.max(this.#clock.monoOf(track.order.at), allowedMs) * NS_PER_MS)
  }

  #mustNotSound(track: Track): boolean {
    const { amplifiers } = track.order.clip
    if (track.failure !== undefined) return false
    const { failed, of } = this.#relays.failed(amplifiers)
    if ((failed > 0 && failed === of) || this.#relays.leaksBeside(amplifiers)) return true
    // A contact that says "open" may itself be what is broken: better heard and blamed than silent.
    if (failed > 0 || this.#relays.anyStuckOpen(amplifiers)) track.blame('AMPLIFIER')
    return false
  }

  #demand(track: Track): ClipDemand {
    const { amplifiers } = track.order.clip
    const sounds = track.start !== undefined && track.start <= this.#stream.played
    if (sounds) return { amplifiers, fromMs: Number.NEGATIVE_INFINITY }
    if (!this.#stream.isOpen) return { amplifiers, fromMs: Number.POSITIVE_INFINITY }
    return { amplifiers, fromMs: this.#dueMs(track) - this.#relays.leadMs(amplifiers) - RELAY_LEAD_MS }
  }

  /** When a track that waits will start, as far as can be said now. */
  #dueMs(track: Track): number {
    const atMs = this.#clock.monoOf(track.order.at)
    const before = this.#timeline().findLast((other) => other !== track && other.start !== undefined)
    if (track.order.takeover || before === undefined) return atMs
    const end = before.end ?? this.#stream.written + before.remaining
    return Math.max(atMs, this.#stream.nsOf(end) / NS_PER_MS)
  }
}
