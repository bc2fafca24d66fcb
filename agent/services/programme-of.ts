import type { Programme } from '../core/arbiter/programme.ts'
import type { ReasonCode } from '../core/codes.ts'
import { type Occurrence, occurrenceId } from '../core/schedule/plan.ts'

/** A planned occurrence as it contends for sound. */
export const programmeOf = ({ item, planned }: Occurrence, missedReason: ReasonCode): Programme => ({
  key: occurrenceId(item, planned),
  item,
  planned,
  obeysQuietHours: true,
  missedReason,
})
