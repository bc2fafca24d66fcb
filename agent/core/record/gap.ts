import type { EventBody, PlaybackBody } from '../records.ts'

/** Records of the chain that are no longer kept; `hash` is that of record `to`. */
export type Gap = { readonly from: number; readonly to: number; readonly hash: string }

/** What a `GAP` event of ours covers; undefined for every other record. */
export const gapOf = (record: EventBody | PlaybackBody): Gap | undefined => {
  if (!('code' in record) || record.code !== 'GAP') return undefined
  const { from, to, hash } = record.data
  return { from: Number(from), to: Number(to), hash: String(hash) }
}

/** The same numbers in as few ranges as can be, the lowest first. */
export const mergedGaps = (gaps: readonly Gap[]): readonly Gap[] => {
  const merged: Gap[] = []
  for (const gap of gaps.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last === undefined || gap.from > last.to + 1) merged.push(gap)
    else if (gap.to > last.to) merged[merged.length - 1] = { ...gap, from: last.from }
  }
  return merged
}
