import { dateText, dayOf, type LocalDay, type Zone } from '../schedule/zone.ts'
import type { EpochMs } from '../time.ts'

/** Bytes of a billing month, known by the local date of its first day, `2026-11-05`. */
export type Month = { readonly from: string; readonly bytes: number }

/** The month that runs, and the one before it: a clock that is set back finds its own again. */
export type Months = Month & { readonly before?: Month }

/** First day of the billing month that begins in the calendar month of `year` and `month` (from 0, may run over). */
const firstDay = (year: number, month: number, billingDay: number): LocalDay => {
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const first = new Date(Date.UTC(year, month, Math.min(billingDay, days)))
  return dayOf(first.toISOString().slice(0, 10))
}

/** First day of the billing month that holds `at`. A month too short for `billingDay` begins on its last day. */
export const monthAt = (zone: Zone, at: EpochMs, billingDay: number): string => {
  const { day } = zone.localTime(at)
  const [year = 1970, month = 1] = dateText(day).split('-').map(Number)
  const here = firstDay(year, month - 1, billingDay)
  return dateText(day >= here ? here : firstDay(year, month - 2, billingDay))
}

/**
 * The months, now that `from` runs. Into a later one counting begins anew; when the clock is set back nothing that was
 * counted is lost: what was counted under the later date belongs to the time before it.
 */
export const inMonth = (months: Months, from: string): Months => {
  if (from === months.from) return months
  const { before } = months
  if (from > months.from) return { from, bytes: 0, before: { from: months.from, bytes: months.bytes } }
  const known = before === undefined || before.from < from ? 0 : before.bytes
  return { from, bytes: months.bytes + known }
}
