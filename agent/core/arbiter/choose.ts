import { clipFrames, FRAMES_PER_SECOND, framesOf, isLiveAt, positionAfter } from '../clip.ts'
import { type EpochMs, epochMs } from '../time.ts'
import { compareContenders, cuts } from './contend.ts'
import type { ArbiterState, Order, Sounding, Waiting } from './state.ts'

/** A live relay needs this long to have enough at hand to begin. */
const LIVE_LEAD_MS = 3000

/** When the last frame of what sounds will leave the device, if nothing cuts it. */
export const expectedEnd = (sounding: Sounding): EpochMs =>
  epochMs(
    sounding.startedAt + ((clipFrames(sounding.clip) - sounding.order.fromFrame) / FRAMES_PER_SECOND) * 1000,
  )

const byRank = (a: Waiting, b: Waiting): number => compareContenders(a.programme, b.programme)

const byDueThenRank = (a: Waiting, b: Waiting): number => a.dueAt - b.dueAt || byRank(a, b)

/** The best of those due by `when`, else the one due first. */
function pickAt(candidates: readonly Waiting[], when: EpochMs): Waiting | undefined {
  const due = candidates.filter((entry) => entry.dueAt <= when)
  return due.toSorted(byRank)[0] ?? candidates.toSorted(byDueThenRank)[0]
}

export type Choice = { readonly entry: Waiting; readonly takeover: boolean; readonly startAt: EpochMs }

/**
 * What sounds next and when, by the contract's order of contention: a higher class cuts in at its second,
 * everything else follows the end of what sounds.
 * @see contract, section 3, Contention
 */
export function chooseNext(state: ArbiterState, now: EpochMs): Choice | undefined {
  const { sounding } = state
  const alertsOnly = state.held || sounding?.programme.alert !== undefined
  const playable = state.waiting.filter(
    ({ readiness, programme }) =>
      readiness.state === 'ready' && (programme.alert !== undefined || !alertsOnly),
  )
  if (sounding !== undefined && sounding.ending === undefined) {
    const higher = playable.filter(({ programme }) => cuts(programme, sounding.programme))
    const cutter = pickAt(higher, now)
    const free = expectedEnd(sounding)
    // One that is armed for later than the end of what sounds cuts nothing, and must not keep others out of the gap.
    if (cutter !== undefined && cutter.dueAt < free)
      return { entry: cutter, takeover: true, startAt: epochMs(Math.max(cutter.dueAt, now)) }
    const follower = pickAt(playable, free)
    return (
      follower && {
        entry: follower,
        takeover: false,
        startAt: epochMs(Math.max(follower.dueAt, free)),
      }
    )
  }
  const first = pickAt(playable, now)
  return first && { entry: first, takeover: false, startAt: startOf(first, now, state) }
}

/** A programme that is not late starts on its second even if it was armed too near for a full lead. */
function startOf(entry: Waiting, now: EpochMs, state: ArbiterState): EpochMs {
  const soonest = epochMs(now + leadOf(entry, state))
  const committed = state.next?.key === entry.programme.key ? state.next.order.at : undefined
  if (entry.dueAt >= now) return entry.dueAt
  const atOnce = entry.programme.alert === undefined ? soonest : now
  return epochMs(Math.min(committed ?? atOnce, atOnce))
}

/** A file that was lost goes on as soon as it can: which instant that is makes no difference to it. */
function leadOf(entry: Waiting, { leadMs }: ArbiterState): number {
  if (goesOnLive(entry)) return Math.max(LIVE_LEAD_MS, leadMs)
  return entry.cause === 'lost' && entry.joinsAt === undefined ? 0 : leadMs
}

/** It was left in the middle of a live relay. */
const goesOnLive = ({ readiness, leftAt, asRun }: Waiting): boolean =>
  leftAt !== undefined && readiness.state === 'ready' && isLiveAt(readiness.clip, asRun.position)

/** The order that carries a choice out, or `past-its-end` when a late joiner would have ended by then. */
export function orderFor(choice: Choice, id: string): Order | 'past-its-end' {
  const { entry, takeover, startAt } = choice
  const { dueAt, asRun, cause, readiness, joinsAt, leftAt = startAt } = entry
  if (readiness.state !== 'ready') return 'past-its-end'
  if (cause === 'due' && startAt <= dueAt) return { id, at: dueAt, fromFrame: 0, takeover, punctual: true }
  const kept = positionAfter(readiness.clip, asRun.position, (startAt - leftAt) / 1000)
  const fromFrame = joinsAt === undefined ? kept : Math.max(kept, framesOf((startAt - joinsAt) / 1000))
  if (fromFrame >= clipFrames(readiness.clip)) return 'past-its-end'
  return { id, at: startAt, fromFrame, takeover, punctual: false }
}
