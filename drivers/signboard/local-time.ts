/** A moment as clocks on the wall show it. */
export type LocalTime = {
  readonly year: number
  /** January is 1. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** Sunday is 0. */
  readonly weekday: number
}

const HOUR_MS = 3_600_000
/** Before it no clock is right, and none is set from this one. */
const EARLIEST = Date.UTC(2026, 0, 1)

/** Local time at so many hours ahead of UTC; undefined while the clock of this machine is plainly wrong. */
export const localTime = (epochMs: number, utcHours: number): LocalTime | undefined => {
  if (epochMs < EARLIEST) return undefined
  const shifted = new Date(epochMs + utcHours * HOUR_MS)
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    weekday: shifted.getUTCDay(),
  }
}
