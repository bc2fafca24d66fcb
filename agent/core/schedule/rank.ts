import type { ProgrammeClass } from '../documents.ts'
import type { EpochMs } from '../time.ts'

/** What decides who gets the one sound output. */
export type Rank = {
  readonly class: ProgrammeClass
  readonly order: number
  readonly planned: EpochMs
  readonly area: string
  /** Of a place where the device stood before. */
  readonly former?: unknown
  readonly document: string
  readonly id: string
}

const CLASS_LEVEL: Readonly<Record<ProgrammeClass, number>> = { normal: 0, priority: 1, emergency: 2 }

/** Higher cuts lower. */
export const classLevel = (of: ProgrammeClass): number => CLASS_LEVEL[of]

/** Near before far; at the same distance where the device stands before where it stood. */
const areaLevel = ({ area, former }: Pick<Rank, 'area' | 'former'>): number => {
  if (area === 'vn') return 2
  return (area.includes('/') ? 0 : 1) + (former === undefined ? 0 : 0.5)
}

const byText = (a: string, b: string): number => {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/**
 * Total order of contenders for sound, first one wins: class; `order`, lower first; earlier planned; commune, province, `vn`; id.
 * The document comes last, because two documents may use one item id. @see contract, section 3, Contention
 */
export const compareRank = (a: Rank, b: Rank): number =>
  classLevel(b.class) - classLevel(a.class) ||
  a.order - b.order ||
  a.planned - b.planned ||
  areaLevel(a) - areaLevel(b) ||
  byText(a.id, b.id) ||
  byText(a.document, b.document)
