import type { DayRange } from '../documents.ts'
import type { Zone } from '../schedule/zone.ts'
import type { EpochMs } from '../time.ts'
import { isWithin, nextEdge } from './day-range.ts'

/** Whether quiet hours hold at an instant, by local wall time. */
export const quietAt = (quietHours: readonly DayRange[], zone: Zone, at: EpochMs): boolean => {
  const { ms } = zone.localTime(at)
  return quietHours.some((range) => isWithin(range, ms))
}

/** The next instant after `at` at which quiet hours begin or end; undefined when they never do. */
export const nextQuietChange = (
  quietHours: readonly DayRange[],
  zone: Zone,
  at: EpochMs,
): EpochMs | undefined => {
  const now = quietAt(quietHours, zone, at)
  let edge = nextEdge(quietHours, zone, at)
  // Touching and overlapping ranges have edges that change nothing; each is passed at most once.
  for (let passed = 0; edge !== undefined && passed < 2 * quietHours.length; passed += 1) {
    if (quietAt(quietHours, zone, edge) !== now) return edge
    edge = nextEdge(quietHours, zone, edge)
  }
  return undefined
}

/** The stretches of [from, until) in which quiet hours hold. */
export const quietSpans = (
  quietHours: readonly DayRange[],
  zone: Zone,
  from: EpochMs,
  until: EpochMs,
): readonly { readonly from: EpochMs; readonly to: EpochMs }[] => {
  const edges = [from]
  for (
    let edge = nextQuietChange(quietHours, zone, from);
    edge !== undefined && edge < until;
    edge = nextQuietChange(quietHours, zone, edge)
  )
    edges.push(edge)
  return edges.flatMap((edge, index) =>
    quietAt(quietHours, zone, edge) ? [{ from: edge, to: edges[index + 1] ?? until }] : [],
  )
}
