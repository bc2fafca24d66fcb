import type { DocumentKey, FreshDocument } from '../documents.ts'
import type { EpochMs, MonoMs } from '../time.ts'
import { floorsOf } from './revision.ts'

const HOUR_MS = 3_600_000
const OLDEST_FRESH_MS = 26 * HOUR_MS
const LACKING_MS = 10 * 60_000

/** A document that the broker may hold back, and how that shows. */
export type Stale = { readonly document: DocumentKey; readonly message: string }

export type StalenessView = {
  /** Areas that once had a `fresh`. */
  readonly areas: readonly string[]
  readonly fresh: readonly Pick<FreshDocument, 'area' | 'iat' | 'revs'>[]
  readonly heldRev: (document: DocumentKey) => number | undefined
  readonly clockSet: boolean
  readonly wall: EpochMs
  readonly mono: MonoMs
}

/** Since when each revision that a `fresh` names has been lacking. */
export type Lacking = ReadonlyMap<DocumentKey, MonoMs>

const hasLacked = (since: MonoMs | undefined, mono: MonoMs): boolean =>
  since !== undefined && mono - since >= LACKING_MS

/**
 * What the broker may hold back: an area whose `fresh` is older than 26 h, or gone, and documents of which a `fresh`
 * names a revision that the device has not had for 10 min. Nothing is said with the clock unset.
 * @see contract, section 3, fresh
 */
export const judgeStaleness = (
  view: StalenessView,
  before: Lacking,
): { readonly lacking: Lacking; readonly stale: readonly Stale[] } => {
  const { areas, fresh, heldRev, clockSet, wall, mono } = view
  const named = fresh.flatMap((each) => floorsOf(each))
  const absent = areas.filter((area) => fresh.every((each) => each.area !== area))
  const lacked = [
    ...named.filter(([document, rev]) => (heldRev(document) ?? 0) < rev),
    ...absent.map((area) => [`${area}/fresh`, 1] as const),
  ]
  const lacking = new Map(lacked.map(([document]) => [document, before.get(document) ?? mono]))
  if (!clockSet) return { lacking, stale: [] }
  const old = fresh
    .filter(({ iat }) => wall - Date.parse(iat) > OLDEST_FRESH_MS)
    .map(({ area, iat }) => ({ document: `${area}/fresh`, message: `the newest is of ${iat}` }))
  const missing = lacked
    .filter(([document]) => hasLacked(lacking.get(document), mono))
    .map(([document, rev]) => ({
      document,
      message: `revision ${rev} has not come for 10 min; ${heldRev(document) ?? 'none'} is held`,
    }))
  return { lacking, stale: [...old, ...missing] }
}
