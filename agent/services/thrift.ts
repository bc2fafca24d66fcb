import type { DayRange } from '../core/documents.ts'
import { type Download, latestStarts } from '../core/link/latest-start.ts'
import type { Way } from '../core/link/way.ts'
import { isWithin, nextEdge } from '../core/policy/day-range.ts'
import type { Zone } from '../core/schedule/zone.ts'
import type { Clock } from '../ports/clock.ts'
import type { TimeKeeper } from './time-keeper.ts'

export type ThriftOptions = {
  readonly clock: Clock
  readonly time: Pick<TimeKeeper, 'state'>
  readonly zone: Zone
  readonly way: () => Way
  /** Local times in which files are fetched all the same. */
  readonly night: readonly DayRange[]
}

/** Whether files had better wait: over a paid link until night, a cheap link, or the last moment that is safe. */
export class Thrift {
  readonly #options: ThriftOptions

  constructor(options: ThriftOptions) {
    this.#options = options
  }

  /**
   * Until when each of these files, in order of need, waits (wall time); one that is not in it is fetched now. Without a
   * clock that is set nobody knows what is due: nothing waits then.
   */
  putOff(files: () => readonly Download[]): ReadonlyMap<string, number> {
    const { clock, time, zone, way, night } = this.#options
    if (!way().metered || time.state === 'unset') return NOTHING
    const now = clock.wall()
    const { ms } = zone.localTime(now)
    if (night.some((range) => isWithin(range, ms))) return NOTHING
    const nightfall = nextEdge(night, zone, now) ?? Number.POSITIVE_INFINITY
    const waiting = [...latestStarts(files())].filter(([, latest]) => latest > now)
    return new Map(waiting.map(([id, latest]) => [id, Math.min(latest, nightfall)]))
  }
}

const NOTHING: ReadonlyMap<string, number> = new Map()
