import type { AsRun, Programme, Readiness } from '../core/arbiter/programme.ts'
import { FRAMES_PER_SECOND } from '../core/clip.ts'
import type { ReasonCode } from '../core/codes.ts'
import { unplayedRecord } from '../core/record/playback.ts'
import type { ClockState } from '../core/records.ts'
import { itemSeconds, type SoundFrames } from '../core/schedule/duration.ts'
import { type Item, isSignOnly } from '../core/schedule/item.ts'
import { takeUp, windowEnd } from '../core/schedule/late.ts'
import { type EpochMs, epochMs } from '../core/time.ts'
import type { Ledger, OpenRow } from '../ports/state-store.ts'
import type { ResumeNote } from './as-run-ledger.ts'
import type { PlayService } from './play.ts'
import { programmeOf } from './programme-of.ts'
import type { SignItems } from './sign-items.ts'

export type RestoreOptions = {
  readonly ledger: Ledger
  readonly play: PlayService
  readonly signItems: SignItems
  readonly readinessOf: (item: Item) => Readiness
  readonly soundFrames: SoundFrames
  readonly kernelBootId: string
  readonly clockState: () => ClockState
  /** Of what never started. */
  readonly missedReason: ReasonCode
  readonly onRecord: () => void
}

const TAKE_UP_WITHIN_MS = 60_000

/**
 * What was begun when the agent died or stopped is taken up again where its late policy lets it, or closed as
 * interrupted; what had a row but never sounded is due like any other. Call it once, when the time is known, before
 * the first dispatch.
 * @see contract, section 3, "Taking up again"
 */
export function restore(items: readonly Item[], now: EpochMs, options: RestoreOptions): void {
  for (const row of options.ledger.opened()) {
    // Alerts and local actions do not wait until the time is known: theirs are of this start.
    if (options.play.held.some((programme) => isOf(programme, row))) continue
    const item = items.find((each) => each.document === row.document && each.id === row.item)
    if (item !== undefined && isSignOnly(item)) restoreSign(row, item, now, options)
    else if (!hasBegun(row)) restoreUnbegun(row, item, now, options)
    else if (item === undefined) interrupt(row, options)
    else restoreSound(row, item, now, options)
  }
}

const isOf = ({ item, planned }: Programme, row: OpenRow): boolean =>
  item.document === row.document && item.id === row.item && Math.floor(planned) === row.planned

type Note = Partial<ResumeNote> & { readonly stopped?: boolean }

const noteOf = (row: OpenRow): Note => JSON.parse(row.resume)

/** Rows of sign-only items are opened when they are shown. */
const hasBegun = (row: OpenRow): boolean => {
  const { asRun } = noteOf(row)
  return asRun === undefined || asRun.startedAt !== undefined
}

function reasonOf(row: OpenRow, options: RestoreOptions): ReasonCode {
  if (noteOf(row).stopped === true) return 'STOPPED'
  return row.kernelBootId === options.kernelBootId ? 'CRASHED' : 'POWER_LOST'
}

function interrupt(row: OpenRow, options: RestoreOptions): void {
  options.ledger.close(row, { ...row.draft, result: 'interrupted', reason: reasonOf(row, options) })
  options.onRecord()
}

function restoreSign(row: OpenRow, item: Item, now: EpochMs, options: RestoreOptions): void {
  const seconds = itemSeconds(item, options.soundFrames)
  if (now >= row.planned + seconds * 1000) interrupt(row, options)
  else options.signItems.begin({ item, planned: row.planned }, seconds, now, row.resume)
}

/** Its row was opened because it was near or waited: nothing of it was heard. */
function restoreUnbegun(row: OpenRow, item: Item | undefined, now: EpochMs, options: RestoreOptions): void {
  const { ledger, play, readinessOf, soundFrames, missedReason } = options
  if (item === undefined) {
    if (row.planned > now) ledger.forget(row)
    else if (row.document.endsWith('/schedule'))
      giveUp(row, { result: 'skipped', reason: 'CANCELLED' }, options)
    else giveUp(row, { result: 'missed', reason: missedReason }, options)
    return
  }
  if (windowEnd(item, row.planned, itemSeconds(item, soundFrames)) < now) {
    giveUp(row, { result: 'missed', reason: missedReason }, options)
    return
  }
  play.apply({
    kind: 'arm',
    at: now,
    programme: programmeOf({ item, planned: row.planned }, missedReason),
    readiness: readinessOf(item),
    opened: true,
  })
}

function giveUp(
  row: OpenRow,
  outcome: { readonly result: 'missed' | 'skipped'; readonly reason: ReasonCode },
  { ledger, clockState, onRecord }: RestoreOptions,
): void {
  const { item: id, document, rev, class: of, tier } = row.draft
  const subject = { id, document, rev, class: of, tier, parts: [undefined] }
  ledger.close(row, unplayedRecord(subject, row.planned, clockState(), outcome))
  onRecord()
}

function restoreSound(row: OpenRow, item: Item, now: EpochMs, options: RestoreOptions): void {
  const { play, readinessOf, soundFrames, missedReason } = options
  const { asRun, at } = JSON.parse(row.resume) as ResumeNote
  const seconds = asRun.position / FRAMES_PER_SECOND
  const decision = takeUp(item, { at, seconds }, now, itemSeconds(item, soundFrames))
  if (decision.kind === 'interrupted') {
    interrupt(row, options)
    return
  }
  play.apply({
    kind: 'arm',
    at: now,
    programme: programmeOf({ item, planned: row.planned }, missedReason),
    readiness: readinessOf(item),
    takeUp: {
      asRun: { ...asRun, cuts: asRun.cuts + 1 },
      deadline: epochMs(now + TAKE_UP_WITHIN_MS),
      overdue: { result: 'interrupted', reason: reasonOf(row, options) },
      leftAt: epochMs(Math.min(at, now)),
      ...(item.late.policy === 'join' ? { joinsAt: joinsAt(row, asRun, now, decision.fromSeconds) } : {}),
    },
  })
}

/**
 * A joiner that was never cut is where its plan says, to the millisecond, in step with its neighbours; the checkpoint
 * is as old as the agent was busy when it heard of it.
 */
function joinsAt(row: OpenRow, asRun: AsRun, now: EpochMs, fromSeconds: number): EpochMs {
  return asRun.cuts === 0 ? row.planned : epochMs(now - fromSeconds * 1000)
}
