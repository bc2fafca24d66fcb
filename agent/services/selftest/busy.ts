import { CLEAR_AHEAD_MS } from '../../core/selftest/plan.ts'
import type { Busy } from '../../core/selftest/progress.ts'
import type { SelftestCut } from '../../core/selftest/report.ts'
import { type EpochMs, epochMs, isoUtc } from '../../core/time.ts'
import type { PlannedSound, SelftestParts } from './parts.ts'

/** How far ahead it is looked for the next gap. */
const LOOK_AHEAD_MS = 4 * 3_600_000

/** When the output will be free for so long ahead: what follows closely belongs to it. */
const nextGap = (from: EpochMs, planned: readonly PlannedSound[], aheadMs: number): EpochMs => {
  let until: number = from
  for (const sound of planned) {
    if (sound.from > until + aheadMs) break
    until = Math.max(until, sound.until)
  }
  return epochMs(until)
}

/** Why the output is not free for so long ahead; undefined when it is. */
export function busyWith(
  { clock, play, alerts, planned }: Pick<SelftestParts, 'clock' | 'play' | 'alerts' | 'planned'>,
  aheadMs = CLEAR_AHEAD_MS,
): (Busy & { readonly why: 'alert' | 'playing' | 'due' }) | undefined {
  const now = clock.wall()
  const [alert] = alerts()
  if (alert !== undefined) return { why: 'alert', item: alert.alert.id, until: isoUtc(alert.until) }
  const coming = planned(now, epochMs(now + LOOK_AHEAD_MS))
  const { playing } = play
  if (playing !== undefined) {
    const leftMs = Math.max(0, playing.durationSeconds - playing.positionSeconds) * 1000
    const until = nextGap(epochMs(now + leftMs), coming, aheadMs)
    return { why: 'playing', item: playing.programme.item.id, until: isoUtc(until) }
  }
  const [next] = coming
  const [waiting] = play.held
  if (next !== undefined && next.from <= now + aheadMs)
    return { why: 'due', item: next.item, until: isoUtc(nextGap(now, coming, aheadMs)) }
  return waiting === undefined ? undefined : { why: 'due', item: waiting.item.id }
}

/** What came up while a run was under way that goes before it. `own`: the item that the run plays itself. */
export function intrusion(
  { play, alerts, muted }: SelftestParts,
  own: string | undefined,
  beganMuted: boolean,
): SelftestCut | undefined {
  const [alert] = alerts()
  if (alert !== undefined) return { code: 'PREEMPTED', item: alert.alert.id }
  if (!beganMuted && muted()) return { code: 'MUTED' }
  const other = play.playing?.programme.item.id
  return other === undefined || other === own ? undefined : { code: 'PREEMPTED', item: other }
}
