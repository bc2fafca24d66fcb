import type { AsRun, Readiness } from '../core/arbiter/programme.ts'
import { FRAMES_PER_SECOND, framesOf } from '../core/clip.ts'
import type { ReasonCode } from '../core/codes.ts'
import { itemSeconds, type SoundFrames } from '../core/schedule/duration.ts'
import { type Item, isSignOnly } from '../core/schedule/item.ts'
import { LOSS_TOLERANCE_SECONDS, takeUp } from '../core/schedule/late.ts'
import { occurrenceId } from '../core/schedule/plan.ts'
import { type EpochMs, epochMs } from '../core/time.ts'
import type { Ledger, OpenRow } from '../ports/state-store.ts'
import type { PlayService, ResumeNote } from './play.ts'
import type { SignItems } from './sign-items.ts'

export type RestoreOptions = {
  readonly ledger: Ledger
  readonly play: PlayService
  readonly signItems: SignItems
  readonly readinessOf: (item: Item) => Readiness
  readonly soundFrames: SoundFrames
  readonly kernelBootId: string
  /** From order to first frame. */
  readonly leadMs: number
  readonly onRecord: () => void
}

const TAKE_UP_WITHIN_MS = 60_000

/**
 * What was begun when the agent died or stopped is taken up again where its late policy lets it, or closed as
 * interrupted. Call it once, before the first dispatch.
 * @see contract, section 3, "Taking up again"
 */
export function restore(items: readonly Item[], now: EpochMs, options: RestoreOptions): void {
  for (const row of options.ledger.opened()) {
    const item = items.find((each) => each.document === row.document && each.id === row.item)
    if (item === undefined) interrupt(row, options)
    else if (isSignOnly(item)) restoreSign(row, item, now, options)
    else restoreSound(row, item, now, options)
  }
}

function reasonOf(row: OpenRow, stopped: boolean, options: RestoreOptions): ReasonCode {
  if (stopped) return 'STOPPED'
  return row.kernelBootId === options.kernelBootId ? 'CRASHED' : 'POWER_LOST'
}

function interrupt(row: OpenRow, options: RestoreOptions): void {
  const note: Partial<ResumeNote> = JSON.parse(row.resume)
  const reason = reasonOf(row, note.stopped === true, options)
  options.ledger.close(row, { ...row.draft, result: 'interrupted', reason })
  options.onRecord()
}

function restoreSign(row: OpenRow, item: Item, now: EpochMs, options: RestoreOptions): void {
  const seconds = itemSeconds(item, options.soundFrames)
  if (now >= row.planned + seconds * 1000) interrupt(row, options)
  else options.signItems.begin({ item, planned: row.planned }, seconds, now, row.resume)
}

function restoreSound(row: OpenRow, item: Item, now: EpochMs, options: RestoreOptions): void {
  const { ledger, play, readinessOf, soundFrames, leadMs } = options
  const note: ResumeNote = JSON.parse(row.resume)
  // Its order was given but nothing was heard yet: it is due like any other.
  if (note.asRun.startedAt === undefined) {
    ledger.forget(row)
    return
  }
  const checkpoint = { at: note.at, seconds: note.asRun.position / FRAMES_PER_SECOND }
  const soonest = epochMs(now + (item.late.policy === 'join' ? leadMs : 0))
  const decision = takeUp(item, checkpoint, soonest, itemSeconds(item, soundFrames))
  if (decision.kind === 'interrupted') {
    interrupt(row, options)
    return
  }
  const asRun: AsRun = {
    ...note.asRun,
    position: framesOf(decision.fromSeconds),
    cuts: note.asRun.cuts + 1,
    joinedLate: note.asRun.joinedLate || decision.lostSeconds > LOSS_TOLERANCE_SECONDS,
  }
  play.apply({
    kind: 'arm',
    at: now,
    programme: {
      key: occurrenceId(item, row.planned),
      item,
      planned: row.planned,
      obeysQuietHours: true,
      missedReason: 'LATE',
    },
    readiness: readinessOf(item),
    takeUp: {
      asRun,
      deadline: epochMs(now + TAKE_UP_WITHIN_MS),
      overdue: { result: 'interrupted', reason: reasonOf(row, note.stopped, options) },
    },
  })
}
