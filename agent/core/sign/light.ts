import type { VolumeCap } from '../documents.ts'
import { isWithin } from '../policy/day-range.ts'
import { capAt } from '../policy/volume.ts'
import type { Zone } from '../schedule/zone.ts'
import type { EpochMs } from '../time.ts'
import type { Place, SignSettings } from './settings.ts'
import { isNight } from './sun.ts'

/** In percent of full brightness. `dark`: only what must be seen is shown. */
export type Light = { readonly percent: number; readonly dark: boolean }

export const FULL_LIGHT: Light = { percent: 100, dark: false }
/** Where nobody said where the device stands. */
const NIGHT = { from: '18:00', to: '06:00' }

export type LightSettings = Pick<SignSettings, 'night' | 'dark'> & {
  readonly brightness?: readonly VolumeCap[]
}

/** How bright a sign is at an instant. Without a known time it is as bright as can be: better seen than missed. */
export const lightAt = (
  { brightness = [], night = FULL_LIGHT.percent, dark = [] }: LightSettings,
  place: Place | undefined,
  zone: Zone,
  at: EpochMs | undefined,
): Light => {
  if (at === undefined) return FULL_LIGHT
  const { ms } = zone.localTime(at)
  const down = place === undefined ? isWithin(NIGHT, ms) : isNight(place, at)
  return {
    percent: Math.min(capAt(brightness, zone, at), down ? night : FULL_LIGHT.percent),
    dark: dark.some((range) => isWithin(range, ms)),
  }
}
