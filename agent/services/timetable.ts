import { type Item, isSignOnly } from '../core/schedule/item.ts'
import { type Occurrence, plan, planExpired } from '../core/schedule/plan.ts'
import type { Zone } from '../core/schedule/zone.ts'
import { type EpochMs, epochMs } from '../core/time.ts'

/** Time without power, or after `exp`, is recorded for at most this long. */
export const RECORD_BACK_MS = 7 * 86_400_000

/** An occurrence and when it has to be looked at: its second, or the lead before it where sound must be made ready. */
export type Due = Occurrence & { readonly lookAt: EpochMs; readonly expired: boolean }

/** What is to be looked at in [from, until), in that order; what a schedule would have held after its `exp` included. */
export function timetable(
  items: readonly Item[],
  zone: Zone,
  from: EpochMs,
  until: EpochMs,
  leadMs: number,
): readonly Due[] {
  const due = plan(items, zone, from, until).map((occurrence) => {
    const leadOf = isSignOnly(occurrence.item) ? 0 : leadMs
    return { ...occurrence, lookAt: epochMs(occurrence.planned - leadOf), expired: false }
  })
  const expired = planExpired(items, zone, from, until)
    .filter(({ item, planned }) => planned - (item.expires ?? planned) <= RECORD_BACK_MS)
    .map((occurrence) => ({ ...occurrence, lookAt: occurrence.planned, expired: true }))
  return [...due, ...expired].sort((a, b) => a.lookAt - b.lookAt)
}
