import type { VolumeCap } from '../documents.ts'
import type { Zone } from '../schedule/zone.ts'
import type { EpochMs } from '../time.ts'
import { isWithin, nextEdge } from './day-range.ts'

/** Gain that stands for silence; finite, because it travels as JSON. */
export const SILENCE_DB = -120

/** Lowest cap in force at an instant, in percent; 100 without one. */
export const capAt = (caps: readonly VolumeCap[], zone: Zone, at: EpochMs): number => {
  const { ms } = zone.localTime(at)
  return Math.min(100, ...caps.filter((cap) => isWithin(cap, ms)).map((cap) => cap.max))
}

/** The next instant after `at` at which a cap begins or ends; undefined without caps. */
export const nextCapEdge = (caps: readonly VolumeCap[], zone: Zone, at: EpochMs): EpochMs | undefined =>
  nextEdge(caps, zone, at)

/** p of the contract, in percent: the item's volume under master and cap. Alerts other than tests take neither. */
export const effectiveVolume = (volume: number, master: number, cap: number): number =>
  Math.min(cap, (volume * master) / 100)

/** 40 log10(p/100) dB: 100 is 0 dB, 50 is -12 dB, 0 is `SILENCE_DB`. @see contract, section 3, Volume */
export const gainDbOf = (percent: number): number =>
  percent > 0 ? Math.max(SILENCE_DB, 40 * Math.log10(percent / 100)) : SILENCE_DB
