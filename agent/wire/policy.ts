import * as v from 'valibot'
import { clockTime, integer, percent, quantity } from './scalars.ts'

/** The members of a policy, for agent.yaml (strict) and for `desired` (open). */

/** A range that ends where it begins could mean all day or never. */
export const rangeIsOpen = <T extends { readonly from: string; readonly to: string }>() =>
  v.check<T, string>(
    (range) => range.from !== range.to,
    'from and to are the same; write a whole day as two ranges',
  )
export const dayRange = { from: clockTime, to: clockTime }
export const volumeCap = { ...dayRange, max: percent }
export const normalFromProvince = v.picklist(['play', 'ignore'])
export const fadeInSeconds = quantity(0, 60)
export const intervalSeconds = integer(1, 86_400)
export const MAX_RANGES = 48
