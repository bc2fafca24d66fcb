import { type EpochMs, epochMs } from '../time.ts'
import type { Item, Timing } from './item.ts'
import { compareRank, type Rank } from './rank.ts'
import { type LocalDay, weekdayOf, type Zone } from './zone.ts'

/** An item at one of its planned seconds. */
export type Occurrence = { readonly item: Item; readonly planned: EpochMs }

/** One text per occurrence, the same for every revision of the document that still has it. */
export const occurrenceId = (item: Pick<Item, 'document' | 'id'>, planned: EpochMs): string =>
  `${item.document}/${item.id}/${planned}`

export const rankOf = ({ item, planned }: Occurrence): Rank => ({
  class: item.class,
  order: item.order,
  planned,
  area: item.area,
  former: item.former,
  document: item.document,
  id: item.id,
})

const isDayOf = (timing: Extract<Timing, { kind: 'recurring' }>, day: LocalDay): boolean =>
  day >= timing.from &&
  day <= timing.until &&
  (timing.days === undefined || timing.days.has(weekdayOf(day))) &&
  !timing.except.has(day)

const instantsOf = function* (timing: Timing, zone: Zone, from: EpochMs, until: EpochMs): Iterable<EpochMs> {
  if (timing.kind === 'at') {
    if (timing.at >= from && timing.at < until) yield timing.at
    return
  }
  // One day more at the start: a time skipped by the clocks is the first instant after the gap, perhaps the next day.
  const first = Math.max(zone.localTime(from).day - 1, timing.from)
  const last = Math.min(zone.localTime(until).day, timing.until)
  let previous = Number.NEGATIVE_INFINITY
  for (let day = first; day <= last; day += 1) {
    if (!isDayOf(timing, day)) continue
    for (const ms of timing.times) {
      const at = zone.instant(day, ms)
      // Two wall times in one gap are one instant, and an occurrence is known by its instant.
      if (at >= from && at < until && at > previous) yield at
      previous = Math.max(previous, at)
    }
  }
}

const occurrencesOf = (
  items: readonly Item[],
  zone: Zone,
  span: (item: Item) => { from: EpochMs; until: EpochMs },
): readonly Occurrence[] => {
  const found: Occurrence[] = []
  for (const item of items) {
    const { from, until: end } = span(item)
    const until = epochMs(Math.min(end, item.former?.until ?? end))
    if (from >= until) continue
    for (const planned of instantsOf(item.timing, zone, from, until)) found.push({ item, planned })
  }
  return found.sort((a, b) => a.planned - b.planned || compareRank(rankOf(a), rankOf(b)))
}

/**
 * What is due in [from, until), by planned time and then by rank. A schedule yields nothing at or after its `exp`, nor after the
 * overlap with a former place.
 * Dates, days and exceptions are judged on the local date of the planned start.
 */
export const plan = (
  items: readonly Item[],
  zone: Zone,
  from: EpochMs,
  until: EpochMs,
): readonly Occurrence[] =>
  occurrencesOf(items, zone, (item) => ({
    from,
    until: item.expires === undefined ? until : epochMs(Math.min(until, item.expires)),
  }))

/** What would have been due in [from, until) had its schedule not expired: `missed EXPIRED_SCHEDULE`. */
export const planExpired = (
  items: readonly Item[],
  zone: Zone,
  from: EpochMs,
  until: EpochMs,
): readonly Occurrence[] =>
  occurrencesOf(
    items.filter((item) => item.expires !== undefined),
    zone,
    (item) => ({ from: epochMs(Math.max(from, item.expires ?? until)), until }),
  )
