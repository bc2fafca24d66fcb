import type { Readiness } from '../core/arbiter/programme.ts'
import type { ReasonCode } from '../core/codes.ts'
import { type Item, isSameBroadcast } from '../core/schedule/item.ts'
import { type Occurrence, occurrenceId } from '../core/schedule/plan.ts'
import type { EpochMs } from '../core/time.ts'
import type { PlayService } from './play.ts'
import type { SignItems } from './sign-items.ts'

export type HeldOccurrencesOptions = {
  readonly play: PlayService
  readonly signItems: SignItems
  readonly readinessOf: (item: Item) => Readiness
}

const isPlanned = ({ item }: Occurrence): boolean => item.document.endsWith('/schedule')
const idOf = ({ item, planned }: Occurrence): string => occurrenceId(item, planned)

/** What of the plan is armed, plays or shows, and what becomes of it when documents or the clock change. */
export class HeldOccurrences {
  readonly #options: HeldOccurrencesOptions

  constructor(options: HeldOccurrencesOptions) {
    this.#options = options
  }

  withdraw(isGone: (occurrence: Occurrence) => boolean, at: EpochMs): void {
    const { play, signItems } = this.#options
    const gone = (occurrence: Occurrence): boolean => isPlanned(occurrence) && isGone(occurrence)
    play.apply({ kind: 'withdraw', at, keys: play.held.filter(gone).map(idOf) })
    signItems.withdraw(signItems.held.filter(gone).map(idOf), at)
  }

  /** What is armed but has not begun follows the new revision of its item. */
  follow(items: readonly Item[], at: EpochMs): void {
    const { play, readinessOf } = this.#options
    for (const programme of play.held) {
      const item = items.find((each) => isSameItem(each, programme.item))
      if (item === undefined || item === programme.item) continue
      const changed = !isSameBroadcast(item, programme.item)
      play.apply({
        kind: 'revise',
        at,
        programme: { ...programme, item },
        ...(changed ? { readiness: readinessOf(item) } : {}),
      })
    }
  }

  /** What was armed when the time was lost, or found again, says why if it is missed. */
  blame(reasonOf: (planned: EpochMs) => ReasonCode, at: EpochMs): void {
    const { play } = this.#options
    for (const programme of play.held) {
      const missedReason = reasonOf(programme.planned)
      if (!isPlanned(programme) || programme.missedReason === missedReason) continue
      play.apply({ kind: 'revise', at, programme: { ...programme, missedReason } })
    }
  }
}

export const isSameItem = (a: Item, b: Item): boolean => a.id === b.id && a.document === b.document
