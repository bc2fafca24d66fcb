import type { Conflict as Reported } from '../status.ts'
import { type EpochMs, epochMs, isoUtc } from '../time.ts'
import { conflicts } from './conflicts.ts'
import { itemSeconds, type SoundFrames } from './duration.ts'
import { windowEnd } from './late.ts'
import { type Occurrence, occurrenceId, rankOf } from './plan.ts'
import { classLevel, compareRank } from './rank.ts'

/** Who sounds first of two that overlap: the one planned sooner, of two at the same second the one of the higher rank. */
const inTurn = (a: Occurrence, b: Occurrence): readonly [Occurrence, Occurrence] => {
  const sooner = a.planned - b.planned || compareRank(rankOf(a), rankOf(b))
  return sooner <= 0 ? [a, b] : [b, a]
}

const cutBy = ({ item }: Occurrence, other: Occurrence): Reported => ({
  with: other.item.id,
  outcome: item.onPreempt === 'drop' ? 'dropped' : item.onPreempt === 'restart' ? 'restarted' : 'resumed',
  at: isoUtc(other.planned),
})

const behind = (
  { item, planned }: Occurrence,
  first: Occurrence,
  freeAt: EpochMs,
  seconds: number,
): Reported => {
  const base = { with: first.item.id, at: isoUtc(freeAt) }
  if (freeAt > windowEnd(item, planned, seconds)) return { ...base, outcome: 'missed' }
  if (item.late.policy !== 'join') return { ...base, outcome: 'waits' }
  return { ...base, outcome: freeAt < planned + seconds * 1000 ? 'joins' : 'missed' }
}

/**
 * What becomes of each occurrence that wants the one output together with another, by its id: as it is planned, without
 * what orders, alerts and delays of others will do. Of several the one that costs most.
 * @see contract, section 3, Contention and Late
 */
export const contention = (
  occurrences: readonly Occurrence[],
  soundFrames: SoundFrames,
): ReadonlyMap<string, Reported> => {
  const found = new Map<string, Reported>()
  const note = ({ item, planned }: Occurrence, told: Reported): void => {
    const id = occurrenceId(item, planned)
    const before = found.get(id)
    if (before === undefined || COST[told.outcome] > COST[before.outcome]) found.set(id, told)
  }
  for (const { winner, loser } of conflicts(occurrences, soundFrames)) {
    const [first, second] = inTurn(winner, loser)
    if (classLevel(second.item.class) > classLevel(first.item.class)) {
      note(first, cutBy(first, second))
      note(second, { with: first.item.id, outcome: 'first', at: isoUtc(second.planned) })
    } else {
      const freeAt = epochMs(first.planned + itemSeconds(first.item, soundFrames) * 1000)
      note(first, { with: second.item.id, outcome: 'first', at: isoUtc(first.planned) })
      note(second, behind(second, first, freeAt, itemSeconds(second.item, soundFrames)))
    }
  }
  return found
}

const COST: Readonly<Record<Reported['outcome'], number>> = {
  first: 0,
  waits: 1,
  joins: 2,
  resumed: 3,
  restarted: 4,
  dropped: 5,
  missed: 6,
}
