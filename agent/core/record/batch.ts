import { utf8Length } from '../utf8-length.ts'

export const BATCH_RECORDS = 64
export const BATCH_BYTES = 16_384

/** A record waiting to be sent, with the topic it goes to. */
export type Sendable = { readonly topic: 'playback' | 'event'; readonly record: { readonly n: number } }
export type Batch<Entry extends Sendable> = {
  readonly topic: Entry['topic']
  /** In order, all of one topic; `n` may skip. */
  readonly entries: readonly [Entry, ...Entry[]]
  readonly payload: string
}

type Growing<Entry> = { entries: [Entry, ...Entry[]]; records: string[]; bytes: number }

const envelopeOf = (device: string, epoch: string): readonly [string, string] => [
  `{"v":1,"device":${JSON.stringify(device)},"epoch":${JSON.stringify(epoch)},"records":[`,
  ']}',
]

/**
 * Records as messages: one topic each, at most 64 records and 16 KiB, in the order of the lowest `n` in each.
 * A record too long for a message of its own size goes alone.
 */
export const cutBatches = <Entry extends Sendable>(
  entries: readonly Entry[],
  device: string,
  epoch: string,
): readonly Batch<Entry>[] => {
  const [head, tail] = envelopeOf(device, epoch)
  const envelopeBytes = utf8Length(head) + tail.length
  const rows: { topic: Entry['topic']; growing: Growing<Entry> }[] = []
  const open = new Map<Entry['topic'], Growing<Entry>>()
  for (const entry of entries) {
    const json = JSON.stringify(entry.record)
    const bytes = utf8Length(json)
    const growing = open.get(entry.topic)
    if (growing && growing.entries.length < BATCH_RECORDS && growing.bytes + 1 + bytes <= BATCH_BYTES) {
      growing.entries.push(entry)
      growing.records.push(json)
      growing.bytes += 1 + bytes
      continue
    }
    const started: Growing<Entry> = { entries: [entry], records: [json], bytes: envelopeBytes + bytes }
    open.set(entry.topic, started)
    rows.push({ topic: entry.topic, growing: started })
  }
  return rows.map(({ topic, growing }) => ({
    topic,
    entries: growing.entries,
    payload: `${head}${growing.records.join(',')}${tail}`,
  }))
}
