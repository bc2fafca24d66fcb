import type { Chained, EventBody, EventRecord, PlaybackBody, PlaybackRecord } from '../records.ts'
import { canonicalJson, normalise } from './canonical.ts'

/** `prev` of the first record of an epoch. */
export const FIRST_PREV = '0'.repeat(64)

/** Hex SHA-256 of a text in UTF-8. */
export type Sha256Hex = (text: string) => string

/** What the hash of a record is taken over: `prev`, a line feed, the record without `hash` in RFC 8785 form. */
export const chainHashInput = (
  prev: string,
  record: Readonly<Record<string, unknown>> | PlaybackRecord | EventRecord,
): string => {
  const { hash: _, ...unhashed }: { readonly hash?: unknown } = record
  return `${prev}\n${canonicalJson(unhashed)}`
}

/**
 * A body as the record with number `n` that follows the one with hash `prev`.
 * @throws INVALID for a number that a record cannot hold
 */
export const sealRecord = <Body extends PlaybackBody | EventBody>(
  n: number,
  prev: string,
  body: Body,
  sha256Hex: Sha256Hex,
): Body & Chained => {
  const record = { n, prev, ...(normalise(body) as object) }
  return { ...record, hash: sha256Hex(chainHashInput(prev, record)) } as Body & Chained
}

export type ChainFault = { readonly n: number; readonly fault: 'hole' | 'prev' | 'hash' }

/** Where a row of records, by rising `n` and from the first of its epoch on, breaks the chain. */
export const verifyChain = (
  records: readonly (PlaybackRecord | EventRecord)[],
  sha256Hex: Sha256Hex,
): readonly ChainFault[] => {
  const faults: ChainFault[] = []
  let [n, prev] = [0, FIRST_PREV]
  for (const record of records) {
    if (record.n !== n + 1) faults.push({ n: record.n, fault: 'hole' })
    else if (record.prev !== prev) faults.push({ n: record.n, fault: 'prev' })
    if (record.hash !== sha256Hex(chainHashInput(record.prev, record)))
      faults.push({ n: record.n, fault: 'hash' })
    n = record.n
    prev = record.hash
  }
  return faults
}
