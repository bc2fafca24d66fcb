import type { Segment } from '../../core/clip.ts'
import type { PlayOrder, PlayoutReport } from '../../ports/playout.ts'
import type { StreamRelay } from '../../ports/stream-relay.ts'

/** Puts ids in the place of URLs before an order leaves for playout, and lets the streams of a clip go when it ends. */
export class StreamDesk {
  readonly #relay: StreamRelay
  readonly #ids = new Map<string, readonly string[]>()

  constructor(relay: StreamRelay) {
    this.#relay = relay
  }

  /** The order as playout may see it. */
  hand(order: PlayOrder): PlayOrder {
    const { clip } = order
    this.#release(clip.id)
    const segments = clip.segments.map((segment): Segment => {
      if (segment.kind !== 'stream') return segment
      return { ...segment, id: this.#relay.open(segment), urls: [] }
    })
    const ids = segments.flatMap((segment) => (segment.kind === 'stream' ? [segment.id] : []))
    if (ids.length > 0) this.#ids.set(clip.id, ids)
    return { ...order, clip: { ...clip, segments } }
  }

  note(report: PlayoutReport): void {
    if (report.kind === 'ended') this.#release(report.clip)
  }

  #release(clip: string): void {
    for (const id of this.#ids.get(clip) ?? []) this.#relay.close(id)
    this.#ids.delete(clip)
  }
}
