import type { BatchTopic } from '../../scripts/source-system/batch.ts'
import { type ChainedRecord, FIRST_PREV, recordHash } from '../../scripts/source-system/chain.ts'

export const EPOCH = 'e'.repeat(32)
export const DEVICE = 'd-1'

/** Records 1 to `count` as a device would make them; `bodies` gives the body of record n. */
export const chain = (
  count: number,
  bodies: Readonly<Record<number, object>> = {},
): readonly ChainedRecord[] => {
  const records: ChainedRecord[] = []
  let prev = FIRST_PREV
  for (let n = 1; n <= count; n++) {
    const body = bodies[n] ?? {
      item: `tin-${n}`,
      document: '75/schedule',
      planned: `p${n}`,
      playedSeconds: 1.5,
    }
    const open = { n, prev, ...body, hash: '' }
    const record = { ...open, hash: recordHash(open) }
    records.push(record)
    prev = record.hash
  }
  return records
}
export const gapEvent = (to: ChainedRecord | undefined, from: number) => ({
  code: 'GAP',
  severity: 'warning',
  data: { from, to: to?.n, hash: to?.hash },
})
export const batch = (records: readonly ChainedRecord[], topic: BatchTopic = 'playback') => ({
  topic,
  device: DEVICE,
  epoch: EPOCH,
  records,
})
