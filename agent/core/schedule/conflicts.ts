import { itemSeconds, type SoundFrames } from './duration.ts'
import { isSignOnly } from './item.ts'
import { type Occurrence, rankOf } from './plan.ts'
import { compareRank } from './rank.ts'

/** Two occurrences that want the one sound output at the same time. */
export type Conflict = {
  readonly winner: Occurrence
  readonly loser: Occurrence
  readonly overlapSeconds: number
}

/** Every pair of items with sound whose declared spans overlap. The occurrences must be in the order of `plan`. */
export const conflicts = (
  occurrences: readonly Occurrence[],
  soundFrames: SoundFrames,
): readonly Conflict[] => {
  const found: Conflict[] = []
  let sounding: { readonly occurrence: Occurrence; readonly end: number }[] = []
  for (const occurrence of occurrences) {
    if (isSignOnly(occurrence.item)) continue
    const end = occurrence.planned + itemSeconds(occurrence.item, soundFrames) * 1000
    sounding = sounding.filter((other) => other.end > occurrence.planned)
    for (const other of sounding) {
      const wins = compareRank(rankOf(other.occurrence), rankOf(occurrence)) <= 0
      found.push({
        winner: wins ? other.occurrence : occurrence,
        loser: wins ? occurrence : other.occurrence,
        overlapSeconds: (Math.min(end, other.end) - occurrence.planned) / 1000,
      })
    }
    sounding.push({ occurrence, end })
  }
  return found
}
