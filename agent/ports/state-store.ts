import type { DocumentKey } from '../core/documents.ts'
import type { Gap } from '../core/record/gap.ts'
import type { EventBody, EventRecord, PlaybackBody, PlaybackRecord } from '../core/records.ts'
import type { EpochMs } from '../core/time.ts'
import type { Journal } from './journal.ts'

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
  /** Documents of a topic that were in force before the present one, newest first; a few, of different signers if possible. */
  earlier(key: DocumentKey): readonly HeldDocument[]
  /** Stores the document and its revision, and keeps the one it replaces among the earlier ones, in one transaction. */
  hold(document: HeldDocument): void
  /**
   * Takes a revoked document out of force. `successor`, one of the earlier ones, comes back with its revision;
   * without one the topic starts anew and its revision is forgotten.
   */
  revoke(key: DocumentKey, successor?: HeldDocument): void
  /** These keys are granted no more to these documents: they count as signers of none that is kept. Trust is left as it is. */
  strike(kids: readonly string[], documents: (key: DocumentKey) => boolean): void
  /** Forgets a document whose place was left, and those before it. Its revision stays known. */
  drop(key: DocumentKey): void
  /** The highest revision ever held, also when the document itself was lost with its database. */
  highestRev(key: DocumentKey): number | undefined
}

/** One planned occurrence, known by (document, item, planned); `planned` in whole milliseconds. */
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

/** An occurrence with the record that it ends with. */
export type Closing = { readonly key: OccurrenceKey; readonly record: PlaybackBody }

/** One row per planned occurrence, so that nothing plays twice and nothing is left without a record. */
export interface Ledger {
  /** True for an occurrence that is open or has its record. */
  has(key: OccurrenceKey): boolean
  /** Durable before it returns. Opening an open row anew replaces it. */
  open(row: OpenRow): void
  /** Position while it plays: durable every two seconds, and at once for whatever only kills the process. Without effect on a row that is not open. */
  checkpoint(key: OccurrenceKey, draft: PlaybackBody, resume: string): void
  /** Writes the record into the outbox and closes the row, in one transaction. Also for rows that were never opened. */
  close(key: OccurrenceKey, record: PlaybackBody): PlaybackRecord
  /** `close` for many, in one transaction: after days without power there are hundreds. */
  closeAll(closings: readonly Closing[]): void
  /** Removes an open row without a record: the occurrence was withdrawn before its planned second. */
  forget(key: OccurrenceKey): void
  opened(): readonly OpenRow[]
}

export type OutboxEntry =
  | { readonly topic: 'playback'; readonly record: PlaybackRecord }
  | { readonly topic: 'event'; readonly record: EventRecord }

/** Numbered, chained records until the server has them. Bounded: what must be dropped is covered by a `GAP` event. */
export interface Outbox {
  /** 128 random bits in hex. */
  readonly epoch: string
  event(body: EventBody): EventRecord
  /** Unacknowledged records with `n` above `after`, lowest first. */
  pending(after: number, limit: number): readonly OutboxEntry[]
  /** Unacknowledged `GAP` events with `n` above `after`, lowest first. */
  gaps(after: number): readonly OutboxEntry[]
  unacknowledged(): number
  /** Highest number given so far in this epoch; 0 before the first. */
  lastNumber(): number
  /** Undefined where neither the record nor the one after it is kept. */
  hashOf(n: number): string | undefined
  /** Everything up to `n` is acknowledged. */
  acknowledge(upTo: number): void
  /** These records are acknowledged, each by its own PUBACK (`outbox.ack: broker`). */
  acknowledgeOnly(numbers: readonly number[]): void
  /** Marks everything kept from `n` on as unacknowledged again. Returns what of it is no longer kept, if any. */
  reopen(fromN: number): Gap | undefined
  /**
   * Begins a new epoch: its first record is an alarm `DATABASE`, what was unacknowledged follows under new numbers.
   * A `GAP` does not, for its numbers are of the old epoch: the alarm has them as `data.gaps`.
   */
  renew(): void
  /** Newest first, acknowledged ones included, while they are kept. */
  history(since: EpochMs, limit: number): readonly OutboxEntry[]
}

/** Small facts that outlive a restart. */
export interface Facts {
  get(name: string): string | undefined
  /** Durable before it returns; one that is set each minute soon after, or before `settle` returns. */
  set(name: string, value: string): void
  /** All that was set is durable when this returns. */
  settle(): void
}

/** What the agent must not forget. */
export interface StateStore extends AsyncDisposable {
  readonly documents: DocumentStore
  readonly ledger: Ledger
  readonly outbox: Outbox
  readonly facts: Facts
  readonly journal: Journal
  /** The disk was full: what is written now uses up a reserve. */
  readonly isDiskFull: boolean
  /** Why the disk cannot be written: what is new is kept in memory until it can, in an epoch of its own. */
  readonly unwritable: string | undefined
  /** Goes back to a disk that could not be written, if it is time to try and it can. */
  tick(): void
  /** Forgets acknowledged records and closed ledger rows of over 90 days before `now`, and all acknowledged ones beyond `keep`; takes its reserve on the disk again. */
  prune(now: EpochMs, keep: number): void
  /** Reads everything that is stored, without holding up anybody. Resolves with what is damaged; undefined: nothing. */
  damage(): Promise<string | undefined>
}
