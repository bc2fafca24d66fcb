import type { ProgrammeClass } from '../documents.ts'

/** `alert`: an alert in force; `programme`: the item that plays; `notice`: an item or order that has only a sign; `idle`: nobody. */
export type SignLayer = 'alert' | 'programme' | 'notice' | 'idle'

/** Someone who wants a sign. */
export type Claim = { readonly owner: string; readonly layer: SignLayer; readonly class: ProgrammeClass }

const CLASS_RANK: Readonly<Record<ProgrammeClass, number>> = { normal: 0, priority: 1, emergency: 2 }
const IDLE_RANK = -1
const PROGRAMME_RANK = 3
const ALERT_RANK = 4

const rankOf = (claim: Claim): number => {
  switch (claim.layer) {
    case 'alert':
      return ALERT_RANK
    case 'programme':
      return PROGRAMME_RANK
    case 'notice':
      return CLASS_RANK[claim.class]
    case 'idle':
      return IDLE_RANK
  }
}

/** In the dark hours of a sign, whether it may light it: for an ordinary notice and for nobody it does not. */
export const lightsDarkHours = ({ layer, class: programmeClass }: Claim): boolean =>
  layer === 'alert' || layer === 'programme' || (layer === 'notice' && programmeClass !== 'normal')

/**
 * Who has the sign now: alerts, then the item that plays, then notices of the highest class.
 * Equals share it, in the order in which they came.
 * @see contract, section 3, "Contention"
 */
export const chooseOwners = <C extends Claim>(claims: readonly C[]): readonly C[] => {
  const highest = Math.max(...claims.map(rankOf))
  return claims.filter((claim) => rankOf(claim) === highest)
}
