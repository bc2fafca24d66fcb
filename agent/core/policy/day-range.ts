import type { DayRange } from '../documents.ts'
import { msOfDay, type Zone } from '../schedule/zone.ts'
import { type EpochMs, epochMs } from '../time.ts'

/** True from `from` inclusive to `to` exclusive, over midnight when `to` is not later; equal ends mean the whole day. */
export const isWithin = (range: DayRange, ms: number): boolean => {
  const [from, to] = [msOfDay(range.from), msOfDay(range.to)]
  return from < to ? ms >= from && ms < to : ms >= from || ms < to
}

/** The next instant after `at` at which one of the ranges begins or ends; undefined without ranges. */
export const nextEdge = (ranges: readonly DayRange[], zone: Zone, at: EpochMs): EpochMs | undefined => {
  const edges = ranges.flatMap(({ from, to }) => [msOfDay(from), msOfDay(to)])
  const { day } = zone.localTime(at)
  // The day after tomorrow too: the clocks may leave out a whole day.
  const instants = [0, 1, 2].flatMap((ahead) => edges.map((ms) => zone.instant(day + ahead, ms)))
  const later = instants.filter((instant) => instant > at)
  return later.length === 0 ? undefined : epochMs(Math.min(...later))
}
