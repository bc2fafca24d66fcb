import type { ClockState } from '../records.ts'
import { type EpochMs, epochMs } from '../time.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const BEHIND_FLOOR_MS = 5 * MINUTE_MS
const BOOT_GRACE_MS = 10 * MINUTE_MS
const STALE_MS = 7 * DAY_MS
const IAT_AHEAD_MS = DAY_MS
const STEP_MS = 500

/** What is known about time across readings. */
export type ClockMemory = {
  /** The release's date; the floor never falls below it. */
  readonly release: EpochMs
  /** Time cannot be earlier. Kept outside state.db. */
  readonly floor: EpochMs
  /** Wall time at which the clock was last seen synchronised, across restarts. */
  readonly lastSynced: EpochMs | undefined
  /** It was synchronised since the kernel booted. */
  readonly syncedThisBoot: boolean
}

export type ClockReading = {
  readonly wall: EpochMs
  /** adjtimex(2) says that the clock is synchronised. */
  readonly synchronised: boolean
  readonly uptimeMs: number
  /** `clock: trusted` of the board, or `clock: rtc` where an RTC device exists. */
  readonly trusted: boolean
}

/** Whether the board's clock keeps time without power. */
export const isTrustedClock = (clock: 'rtc' | 'none' | 'trusted', hasRtc: boolean): boolean =>
  clock === 'trusted' || (clock === 'rtc' && hasRtc)

/** The memory a process starts with. `lastSynced` is the last saved time; `syncedThisBoot` only if it was saved under this kernel boot. */
export const startingMemory = (
  release: EpochMs,
  saved: { readonly floor?: EpochMs; readonly lastSynced?: EpochMs; readonly syncedThisBoot?: boolean },
): ClockMemory => ({
  release,
  floor: epochMs(Math.max(release, saved.floor ?? release, saved.lastSynced ?? release)),
  lastSynced: saved.lastSynced,
  syncedThisBoot: saved.syncedThisBoot ?? false,
})

const stateOf = (memory: ClockMemory, reading: ClockReading): Exclude<ClockState, 'synced'> => {
  if (reading.wall < memory.floor - BEHIND_FLOOR_MS) return 'unset'
  if (!reading.trusted && !memory.syncedThisBoot && reading.uptimeMs < BOOT_GRACE_MS) return 'unset'
  if (memory.lastSynced !== undefined && reading.wall - memory.lastSynced > STALE_MS) return 'stale'
  return 'held'
}

/** Judges a reading in the order of the contract and says what to remember. @see contract, section 4, Clock */
export const judgeClock = (
  memory: ClockMemory,
  reading: ClockReading,
): { readonly state: ClockState; readonly memory: ClockMemory } => {
  if (!reading.synchronised) return { state: stateOf(memory, reading), memory }
  const floor = epochMs(Math.max(memory.release, reading.wall))
  return { state: 'synced', memory: { ...memory, floor, lastSynced: reading.wall, syncedThisBoot: true } }
}

/** The `iat` of an accepted signed document raises the floor, by at most 24 h above the wall clock; it never lowers it. */
export const raiseByIat = (memory: ClockMemory, iat: EpochMs, wall: EpochMs): ClockMemory => ({
  ...memory,
  floor: epochMs(Math.max(memory.floor, Math.min(iat, wall + IAT_AHEAD_MS))),
})

/** How far the wall clock jumped between two readings, in milliseconds; undefined up to 500 ms. Forward is positive. */
export const clockStep = (
  before: { readonly wall: number; readonly mono: number },
  after: { readonly wall: number; readonly mono: number },
): number | undefined => {
  const step = after.wall - before.wall - (after.mono - before.mono)
  return Math.abs(step) > STEP_MS ? step : undefined
}
