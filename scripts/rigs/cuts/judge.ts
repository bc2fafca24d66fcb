import type { Broadcast } from './broadcasts.ts'
import type { DeviceState } from './device-state.ts'

/** What the province knew of the device when its power was cut. */
export type Known = {
  /** By `epoch`: every record that it had received. */
  readonly epoch: string
  readonly records: ReadonlyMap<number, string>
  /** Revisions that the device had said it holds. */
  readonly revs: Readonly<Record<string, number>>
}

/** What of the things promised to the province is not on the disk any more; empty when all is there. */
export const lostAtCut = (state: DeviceState, known: Known): readonly string[] => {
  if (known.epoch === '') return []
  if (state.epoch !== known.epoch) return [`the epoch is ${state.epoch}, the province has ${known.epoch}`]
  const records = [...known.records].flatMap(([n, hash]) => {
    const held = state.records.get(n)
    return held === hash ? [] : [`record ${n} ${held === undefined ? 'is gone' : 'is another'}`]
  })
  const documents = Object.entries(known.revs).flatMap(([key, rev]) => {
    const held = state.documents[key] ?? 0
    return held >= rev ? [] : [`${key} is at ${held}, the device had said ${rev}`]
  })
  return [...records, ...documents]
}

/** A playback record as the province has it. */
export type Played = {
  readonly item: string
  readonly planned: string
  readonly result: string
  readonly reason?: string
  readonly cuts?: number
}

/** What a planned second is called here. */
export const keyOf = ({ item, planned }: Pick<Played, 'item' | 'planned'>): string => `${item} at ${planned}`

export type Tally = { readonly lost: readonly string[]; readonly twice: readonly string[] }

/** Planned seconds without a record, and those with more than one, over all epochs. */
export const tally = (broadcasts: readonly Broadcast[], played: readonly Played[]): Tally => {
  const counts = new Map<string, number>()
  for (const each of played) counts.set(keyOf(each), (counts.get(keyOf(each)) ?? 0) + 1)
  return {
    lost: broadcasts.map(({ id, planned }) => keyOf({ item: id, planned })).filter((key) => !counts.has(key)),
    twice: [...counts].filter(([, count]) => count > 1).map(([key]) => key),
  }
}

/**
 * What sounded when the power went, and then was closed in another way than the contract has it.
 * @param cutWhilePlaying keys as of `keyOf`
 */
export const wronglyClosed = (
  cutWhilePlaying: ReadonlySet<string>,
  broadcasts: readonly Broadcast[],
  played: readonly Played[],
): readonly string[] => {
  const takenUp = new Set(broadcasts.filter((each) => each.takenUp).map(({ id }) => id))
  return played
    .filter((each) => cutWhilePlaying.has(keyOf(each)))
    .filter(({ item, result, reason, cuts = 0 }) => {
      const interrupted = result === 'interrupted' && reason === 'POWER_LOST'
      if (!takenUp.has(item)) return !interrupted
      return !interrupted && !(cuts > 0 && (result === 'completed' || result === 'partial'))
    })
    .map((each) => `${keyOf(each)} played at a cut and is ${each.result} ${each.reason ?? ''}`.trimEnd())
}

/** Alerts that never sounded, or not again after a cut took their sound. */
export const silentSince = (alerts: readonly string[], played: readonly Played[]): readonly string[] =>
  alerts.filter((id) => {
    const soundings = played.filter(({ item }) => item === id)
    const last = soundings.toSorted((a, b) => a.planned.localeCompare(b.planned)).at(-1)
    return last === undefined || last.reason === 'POWER_LOST'
  })
