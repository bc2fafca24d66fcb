import { type EpochMs, epochMs } from '../time.ts'
import type { Place } from './settings.ts'

const DAY_MS = 86_400_000
const RADIANS = Math.PI / 180
/** 2000-01-01 12:00 UTC. */
const J2000_MS = 946_728_000_000
/** Refraction and the radius of the disc: the upper edge is on the horizon. */
const HORIZON_DEGREES = -0.833
const TILT_DEGREES = 23.4397

const sin = (degrees: number): number => Math.sin(degrees * RADIANS)
const cos = (degrees: number): number => Math.cos(degrees * RADIANS)

/**
 * Sunrise and sunset around the noon nearest to an instant, to about a minute between the polar circles.
 * @see the sunrise equation, https://en.wikipedia.org/wiki/Sunrise_equation
 */
export const sunTimes = (
  { latitude, longitude }: Place,
  at: EpochMs,
): { readonly rise: EpochMs; readonly set: EpochMs } => {
  const cycle = Math.round((at - J2000_MS) / DAY_MS + longitude / 360)
  const meanNoon = cycle - longitude / 360
  const anomaly = 357.5291 + 0.98560028 * meanNoon
  const centre = 1.9148 * sin(anomaly) + 0.02 * sin(2 * anomaly) + 0.0003 * sin(3 * anomaly)
  const ecliptic = anomaly + centre + 180 + 102.9372
  const noon = meanNoon + 0.0053 * sin(anomaly) - 0.0069 * sin(2 * ecliptic)
  const sinDeclination = sin(ecliptic) * sin(TILT_DEGREES)
  const cosDeclination = Math.cos(Math.asin(sinDeclination))
  const cosHourAngle =
    (sin(HORIZON_DEGREES) - sin(latitude) * sinDeclination) / (cos(latitude) * cosDeclination)
  const halfDay = Math.acos(Math.min(1, Math.max(-1, cosHourAngle))) / (2 * Math.PI)
  const instant = (days: number): EpochMs => epochMs(Math.round(J2000_MS + days * DAY_MS))
  return { rise: instant(noon - halfDay), set: instant(noon + halfDay) }
}

/** Whether the sun is down. */
export const isNight = (place: Place, at: EpochMs): boolean => {
  const { rise, set } = sunTimes(place, at)
  return at < rise || at >= set
}
