import { clipFrames } from '../../agent/core/clip.ts'
import { type EpochMs, epochMs } from '../../agent/core/time.ts'
import type { PlayOrder, Playout, PlayoutReport } from '../../agent/ports/playout.ts'

type Piece = { order: PlayOrder; startedAt: number; fromFrame: number; toldAt: number }

const PROGRESS_MS = 500

/**
 * The contract of `Playout` without sound: at most one clip sounds, at most one waits, every order ends once.
 * Time is what `advance` says; reports go out in order, at the instants at which a device would make them.
 */
export class SimulatedPlayout implements Playout {
  readonly orders: PlayOrder[] = []
  muted = false
  #now: number
  #current: Piece | undefined
  #next: PlayOrder | undefined
  readonly #report: (report: PlayoutReport) => void

  constructor(now: EpochMs, report: (report: PlayoutReport) => void) {
    this.#now = now
    this.#report = report
  }

  get soundingClip(): string | undefined {
    return this.#current?.order.clip.id
  }

  schedule(order: PlayOrder): void {
    this.orders.push(order)
    this.#next = order
  }

  cut(clip: string): void {
    if (this.#next?.clip.id === clip) {
      const order = this.#next
      this.#next = undefined
      this.#ended(order, 'cut', order.fromFrame, 0, this.#now)
    } else if (this.#current?.order.clip.id === clip) this.#endCurrent('cut', this.#now)
  }

  setGain(): void {}
  feed(): void {}

  warm(): void {}
  amplifier(): void {}

  mute(on: boolean): void {
    this.muted = on
  }

  /** The wall clock jumped: orders keep their wall time, what sounds goes on. */
  clockStepped(ms: number): void {
    this.#now += ms
    if (this.#current === undefined) return
    this.#current.startedAt += ms
    this.#current.toldAt += ms
  }

  /** The process dies and comes back. */
  crash(): void {
    const next = this.#next
    this.#next = undefined
    this.#report({ kind: 'process', up: false, message: 'died' })
    if (this.#current) this.#endCurrent('lost', this.#now)
    if (next) this.#ended(next, 'lost', next.fromFrame, 0, this.#now)
  }

  restart(): void {
    this.#report({ kind: 'process', up: true, message: 'up' })
  }

  /** What the device does until `to`. */
  advance(to: EpochMs): void {
    for (;;) {
      const end = this.#current === undefined ? Number.POSITIVE_INFINITY : this.#endOf(this.#current)
      const start = this.#startOfNext(end)
      const at = Math.min(end, start)
      if (at > to) break
      this.#now = Math.max(this.#now, at)
      if (start <= end && this.#next !== undefined) this.#startNext(at)
      else this.#endCurrent('finished', at)
    }
    this.#now = to
    this.#tellProgress()
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #tellProgress(): void {
    const piece = this.#current
    if (piece === undefined || this.#now - piece.toldAt < PROGRESS_MS) return
    piece.toldAt = this.#now
    const frame = piece.fromFrame + Math.round((this.#now - piece.startedAt) * 48)
    this.#report({ kind: 'progress', clip: piece.order.clip.id, frame, underruns: 0, peakDb: -20 })
  }

  #endOf(piece: Piece): number {
    return piece.startedAt + (clipFrames(piece.order.clip) - piece.fromFrame) / 48
  }

  #startOfNext(end: number): number {
    const next = this.#next
    if (next === undefined) return Number.POSITIVE_INFINITY
    const asked = Math.max(next.at, this.#now)
    return this.#current === undefined || next.takeover ? asked : Math.max(asked, end)
  }

  #startNext(at: number): void {
    const order = this.#next
    if (order === undefined) return
    this.#next = undefined
    if (at > (order.latest ?? at)) {
      this.#ended(order, 'cut', order.fromFrame, 0, at)
      return
    }
    if (this.#current !== undefined)
      this.#endCurrent(at >= this.#endOf(this.#current) ? 'finished' : 'cut', at)
    this.#current = { order, startedAt: at, fromFrame: order.fromFrame, toldAt: at }
    const intended = epochMs(Math.max(order.at, at))
    this.#report({ kind: 'started', clip: order.clip.id, at: epochMs(at), intended, frame: order.fromFrame })
  }

  #endCurrent(end: 'finished' | 'cut' | 'lost', at: number): void {
    const piece = this.#current
    if (piece === undefined) return
    this.#current = undefined
    const frames = Math.round((at - piece.startedAt) * 48)
    this.#ended(piece.order, end, piece.fromFrame + frames, frames, at)
  }

  #ended(
    order: PlayOrder,
    end: 'finished' | 'cut' | 'lost',
    frame: number,
    frames: number,
    at: number,
  ): void {
    this.#report({
      kind: 'ended',
      clip: order.clip.id,
      end,
      at: epochMs(at),
      frame,
      frames,
      underruns: 0,
      faults: [],
    })
  }
}
