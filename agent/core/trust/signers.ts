import type { RefusalCode } from '../codes.ts'
import type { KeySet } from './key-set.ts'
import { type Demand, isGranted, isInDate, type JudgingTime } from './scope.ts'

/** Who signed: kids whose signatures verified, or nobody asked (`signatures: off`). */
export type Signers =
  | { readonly kind: 'kids'; readonly kids: readonly string[] }
  | { readonly kind: 'unjudged' }

export type Refusal = { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string }

export const refused = (code: RefusalCode, message: string): Refusal => ({ kind: 'refused', code, message })

/**
 * Undefined when one signer may sign all that is demanded now; otherwise what the one that came closest lacks of the first
 * demand that nobody meets. For several demands one signer must meet them all: two that may each sign a half are nobody.
 */
export const judgeSigners = (
  kids: readonly string[],
  keys: KeySet,
  demands: readonly [Demand, ...Demand[]],
  time: JudgingTime,
): Refusal | undefined => {
  let able = kids
  for (const demand of demands) {
    const refusal = judgeDemand(able, keys, demand, time)
    if (refusal !== undefined) return refusal
    able = able.filter((kid) => judgeDemand([kid], keys, demand, time) === undefined)
  }
  return undefined
}

const judgeDemand = (
  kids: readonly string[],
  keys: KeySet,
  demand: Demand,
  time: JudgingTime,
): Refusal | undefined => {
  const known = kids.flatMap((kid) => keys.get(kid)?.grants ?? [])
  if (known.length === 0) return refused('UNKNOWN_KEY', `no accepted trust document holds ${kids.join(', ')}`)
  const granted = known.filter((grant) => isGranted(grant, demand))
  if (granted.length === 0)
    return refused(
      'OUT_OF_SCOPE',
      `${kids.join(', ')} may not sign a ${demand.kind} of ${demand.area} with class ${demand.class}`,
    )
  if (granted.some((grant) => isInDate(grant, time))) return undefined
  return refused('EXPIRED', `${kids.join(', ')} is not in date`)
}

/**
 * Whether a held document stays in force under new trust: at least one signer may still sign it, dates apart.
 * With signatures off (no signers) nothing is ever revoked.
 */
export const isStillGranted = (signers: readonly string[], keys: KeySet, demand: Demand): boolean =>
  signers.some((kid) => (keys.get(kid)?.grants ?? []).some((grant) => isGranted(grant, demand)))
