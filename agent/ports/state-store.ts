import type { DocumentKey } from '../core/documents.ts'
import type { EventBody, EventRecord, PlaybackBody, PlaybackRecord } from '../core/records.ts'
import type { EpochMs } from '../core/time.ts'

/** A document in force, as it was accepted. */
export type HeldDocument = {
  readonly key: DocumentKey
  readonly rev: number
  /** SHA-256 of the payload bytes, hex. */
  readonly hash: string
  /** The keys that signed it; empty with signatures off. */
  readonly signers: readonly string[]
  /** The message exactly as received. */
  readonly message: Uint8Array
  readonly acceptedAt: EpochMs
}

export interface DocumentStore {
  held(): readonly HeldDocument[]
  /** Stores the document and its revision in one transaction. */
  hold(document: HeldDocument): void
  /** Takes a document out of force; without effect when none is held. */
  drop(key: DocumentKey): void
}

/** One planned occurrence, known by (document, item, planned). */
export type OccurrenceKey = {
  readonly document: DocumentKey
  readonly item: string
  readonly planned: EpochMs
}

/** What is needed to write the record of an occurrence that was begun and to take it up again. */
export type OpenRow = OccurrenceKey & {
  /** The record as it would be if nothing more happened. */
  readonly draft: PlaybackBody
  /** Serialised by the dispatcher: what it needs to take the occurrence up again. */
  readonly resume: string
  readonly kernelBootId: string
}

/** One row per planned occurrence, so that nothing plays twice and nothing is left without a record. */
export interface Ledger {
  has(key: OccurrenceKey): boolean
  /** Durable before it returns. */
  open(row: OpenRow): void
  /** Position while it plays; may be lost for the last two seconds. */
  checkpoint(key: OccurrenceKey, draft: PlaybackBody, resume: string): void
  /** Writes the record into the outbox and closes the row, in one transaction. Also for rows that were never opened. */
  close(key: OccurrenceKey, record: PlaybackBody): PlaybackRecord
  /** Removes an open row without a record: the occurrence was withdrawn before its planned second. */
  forget(key: OccurrenceKey): void
  opened(): readonly OpenRow[]
}

export type OutboxEntry =
  | { readonly topic: 'playback'; readonly record: PlaybackRecord }
  | { readonly topic: 'event'; readonly record: EventRecord }

/** Numbered, chained records until the server has them. */
export interface Outbox {
  readonly epoch: string
  event(body: EventBody): EventRecord
  /** Unacknowledged records with `n` above `after`, lowest first. */
  pending(after: number, limit: number): readonly OutboxEntry[]
  unacknowledged(): number
  /** Highest number given so far in this epoch; 0 before the first. */
  lastNumber(): number
  hashOf(n: number): string | undefined
  /** Everything up to `n` is acknowledged. */
  acknowledge(upTo: number): void
  /** Records `from`..`to` are acknowledged, each by its own PUBACK (`outbox.ack: broker`). */
  acknowledgeOne(n: number): void
  /** Marks everything from `n` on as unacknowledged again. Returns the range that is no longer kept, if any. */
  reopen(fromN: number): { readonly from: number; readonly to: number } | undefined
  /** Newest first, acknowledged ones included, while they are kept. */
  history(since: EpochMs, limit: number): readonly OutboxEntry[]
}

/** Small facts that outlive a restart. */
export interface Facts {
  get(name: string): string | undefined
  set(name: string, value: string): void
}
