import * as v from 'valibot'
import type { ReleaseKey } from '../core/update/release.ts'
import { ConfigFault } from './config-fault.ts'
import { about, shortList } from './config-scalars.ts'
import { faultsOf } from './fault.ts'
import { areDistinct, namedKey, SAME_KEY_TWICE } from './named-key.ts'
import { quantity } from './scalars.ts'
import { fields, strictFields } from './shape.ts'

const releaseKeys = v.pipe(shortList(namedKey, 16), v.check(areDistinct, SAME_KEY_TWICE))

export const update = strictFields({
  keys: about(
    v.optional(releaseKeys, []),
    'Keys that sign releases of this program, and nothing else; without one no release is taken.',
  ),
  trialMinutes: about(
    v.optional(quantity(0.05, 1_440), 5),
    'A new release that was well for so long is kept; otherwise the one before comes back.',
  ),
})

const keysAlone = fields({ update: v.optional(fields({ keys: v.optional(releaseKeys, []) }), {}) })

/**
 * `update.keys` of a parsed agent.yaml, whatever else stands in it: it may be written for a later release than this.
 * @throws ConfigFault
 */
export const readReleaseKeys = (value: unknown, file: string): readonly ReleaseKey[] => {
  const result = v.safeParse(keysAlone, value)
  if (!result.success) throw new ConfigFault(file, faultsOf(result.issues))
  return result.output.update.keys
}
