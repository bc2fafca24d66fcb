import { createHash } from 'node:crypto'
import { FIRST_PREV, sealRecord } from '../../agent/core/record/chain.ts'
import { type Gap, gapOf, mergedGaps } from '../../agent/core/record/gap.ts'
import type { EventBody, EventRecord, PlaybackBody, PlaybackRecord } from '../../agent/core/records.ts'
import { type EpochMs, epochMs, isoUtc } from '../../agent/core/time.ts'
import type {
  Closing,
  Facts,
  Ledger,
  OccurrenceKey,
  OpenRow,
  Outbox,
  OutboxEntry,
  StateStore,
} from '../../agent/ports/state-store.ts'

import { MemoryDocuments } from './memory-documents.ts'
import { MemoryJournal } from './memory-journal.ts'

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
const KEPT_MS = 90 * 86_400_000

type Kept = { readonly entry: OutboxEntry; readonly epoch: string; acknowledged: boolean }

const instantOf = ({ record }: OutboxEntry): number =>
  Date.parse('planned' in record ? record.planned : record.at)

/** An outbox that forgets when the process ends. */
export class MemoryOutbox implements Outbox {
  epoch = ''
  readonly #limit: number
  readonly #wall: () => EpochMs
  #epochs = 0
  #kept: Kept[] = []
  #n = 0
  #hash = FIRST_PREV

  constructor(wall: () => EpochMs, limit: number) {
    this.#wall = wall
    this.#limit = limit
    this.#begin('info', {})
  }

  event(body: EventBody): EventRecord {
    return this.append('event', body) as EventRecord
  }

  append(topic: OutboxEntry['topic'], body: PlaybackBody | EventBody): PlaybackRecord | EventRecord {
    const record = this.#insert(topic, body)
    const waiting = this.#waiting()
    if (waiting.length > this.#limit) this.#drop(waiting.slice(0, Math.max(2, Math.ceil(this.#limit / 100))))
    return record
  }

  pending(after: number, limit: number): readonly OutboxEntry[] {
    return this.#waiting()
      .map(({ entry }) => entry)
      .filter(({ record }) => record.n > after)
      .slice(0, limit)
  }

  gaps(after: number): readonly OutboxEntry[] {
    return this.pending(after, Number.POSITIVE_INFINITY).filter(({ record }) => gapOf(record) !== undefined)
  }

  unacknowledged(): number {
    return this.#waiting().length
  }

  lastNumber(): number {
    return this.#n
  }

  hashOf(n: number): string | undefined {
    if (n === this.#n) return this.#hash
    const records = this.#ofEpoch().map(({ entry }) => entry.record)
    return (
      records.find((record) => record.n === n)?.hash ??
      records.find((record) => record.n === n + 1 && n > 0)?.prev
    )
  }

  acknowledge(upTo: number): void {
    for (const kept of this.#ofEpoch()) if (kept.entry.record.n <= upTo) kept.acknowledged = true
  }

  acknowledgeOnly(numbers: readonly number[]): void {
    for (const kept of this.#ofEpoch()) if (numbers.includes(kept.entry.record.n)) kept.acknowledged = true
  }

  reopen(fromN: number): Gap | undefined {
    const kept = this.#ofEpoch().filter(({ entry }) => entry.record.n >= fromN)
    for (const each of kept) each.acknowledged = false
    const first = kept[0]?.entry.record
    if (fromN > this.#n || first?.n === fromN) return undefined
    return { from: fromN, to: (first?.n ?? this.#n + 1) - 1, hash: first?.prev ?? this.#hash }
  }

  renew(): void {
    const waiting = this.#waiting()
    this.#kept = this.#kept.filter((kept) => !waiting.includes(kept))
    const gaps = mergedGaps(waiting.flatMap(({ entry }) => gapOf(entry.record) ?? []))
    this.#begin('alarm', { previousEpoch: this.epoch, ...(gaps.length === 0 ? {} : { gaps }) })
    for (const { entry } of waiting) {
      if (gapOf(entry.record) !== undefined) continue
      const { n: _n, prev: _prev, hash: _hash, ...body } = entry.record
      this.#insert(entry.topic, body)
    }
  }

  history(since: EpochMs, limit: number): readonly OutboxEntry[] {
    return this.#kept
      .map(({ entry }) => entry)
      .filter((entry) => instantOf(entry) >= since)
      .reverse()
      .slice(0, limit)
  }

  prune(before: EpochMs, keep: number): void {
    const spare = this.#kept
      .filter(({ acknowledged }) => acknowledged)
      .toReversed()
      .slice(0, keep)
    this.#kept = this.#kept.filter(
      (kept) => !kept.acknowledged || (spare.includes(kept) && instantOf(kept.entry) >= before),
    )
  }

  #ofEpoch(): readonly Kept[] {
    return this.#kept.filter(({ epoch }) => epoch === this.epoch)
  }

  #waiting(): readonly Kept[] {
    return this.#ofEpoch().filter(({ acknowledged }) => !acknowledged)
  }

  #insert(topic: OutboxEntry['topic'], body: PlaybackBody | EventBody): PlaybackRecord | EventRecord {
    const record = sealRecord(this.#n + 1, this.#hash, body, sha256Hex)
    this.#kept.push({ entry: { topic, record } as OutboxEntry, epoch: this.epoch, acknowledged: false })
    this.#n = record.n
    this.#hash = record.hash
    return record
  }

  #drop(dropped: readonly Kept[]): void {
    const records = dropped.map(({ entry }) => entry.record)
    const last = records.at(-1)
    if (last === undefined) return
    const from = Math.min(
      ...records.map(({ n }) => n),
      ...dropped.flatMap(({ entry }) => gapOf(entry.record)?.from ?? []),
    )
    this.#kept = this.#kept.filter((kept) => !dropped.includes(kept))
    const data = { from, to: last.n, hash: last.hash }
    this.#insert('event', { at: isoUtc(this.#wall()), code: 'GAP', severity: 'alarm', data })
  }

  #begin(severity: 'info' | 'alarm', data: EventBody['data']): void {
    this.#epochs += 1
    this.epoch = this.#epochs.toString(16).padStart(32, '0')
    this.#n = 0
    this.#hash = FIRST_PREV
    this.#insert('event', { at: isoUtc(this.#wall()), code: 'DATABASE', severity, data })
  }
}

const textOf = ({ document, item, planned }: OccurrenceKey): string =>
  JSON.stringify([document, item, planned])

class MemoryLedger implements Ledger {
  readonly #outbox: MemoryOutbox
  readonly #rows = new Map<string, OpenRow | EpochMs>()

  constructor(outbox: MemoryOutbox) {
    this.#outbox = outbox
  }

  has(key: OccurrenceKey): boolean {
    return this.#rows.has(textOf(key))
  }

  open(row: OpenRow): void {
    this.#rows.set(textOf(row), row)
  }

  checkpoint(key: OccurrenceKey, draft: PlaybackBody, resume: string): void {
    const row = this.#rows.get(textOf(key))
    if (typeof row === 'object') this.#rows.set(textOf(key), { ...row, draft, resume })
  }

  close(key: OccurrenceKey, record: PlaybackBody): PlaybackRecord {
    this.#rows.set(textOf(key), key.planned)
    return this.#outbox.append('playback', record) as PlaybackRecord
  }

  closeAll(closings: readonly Closing[]): void {
    for (const { key, record } of closings) this.close(key, record)
  }

  forget(key: OccurrenceKey): void {
    if (typeof this.#rows.get(textOf(key)) === 'object') this.#rows.delete(textOf(key))
  }

  opened(): readonly OpenRow[] {
    return [...this.#rows.values()]
      .filter((row) => typeof row === 'object')
      .sort((a, b) => a.planned - b.planned || (textOf(a) < textOf(b) ? -1 : 1))
  }

  prune(before: EpochMs): void {
    for (const [text, row] of this.#rows) if (typeof row === 'number' && row < before) this.#rows.delete(text)
  }
}

export const memoryFacts = (): Facts => Object.assign(new Map<string, string>(), { settle: () => undefined })

/** What the agent must not forget, for tests that need no disk. */
export class MemoryStateStore implements StateStore {
  readonly documents = new MemoryDocuments()
  readonly outbox: MemoryOutbox
  readonly ledger: MemoryLedger
  readonly facts: Facts = memoryFacts()
  readonly journal = new MemoryJournal()
  readonly isDiskFull = false
  readonly unwritable = undefined
  readonly tick = (): void => undefined

  constructor(wall: () => EpochMs = () => epochMs(Date.UTC(2026, 10, 22)), outboxLimit = 100_000) {
    this.outbox = new MemoryOutbox(wall, outboxLimit)
    this.ledger = new MemoryLedger(this.outbox)
  }

  damage(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  prune(now: EpochMs, keep: number): void {
    const before = epochMs(now - KEPT_MS)
    this.outbox.prune(before, keep)
    this.ledger.prune(before)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }
}
