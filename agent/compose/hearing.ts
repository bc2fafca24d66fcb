import { HearingTrend } from '../services/hearing-trend.ts'
import type { Playing } from './playing.ts'

/** Follows what was heard of each programme, where the board has something to hear with. */
export function createHearing({ board, condition, state, play }: Playing): HearingTrend | undefined {
  if (board.audio.capture === undefined) return undefined
  const trend = new HearingTrend(condition, state.facts)
  play.observe({ began: () => undefined, recorded: (_programme, asRun) => trend.recorded(asRun) })
  return trend
}
