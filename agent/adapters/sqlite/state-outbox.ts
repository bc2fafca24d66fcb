import type { Database } from 'better-sqlite3'
import { FIRST_PREV, type Sha256Hex, sealRecord } from '../../core/record/chain.ts'
import { type Gap, gapOf, mergedGaps } from '../../core/record/gap.ts'
import type { EventBody, EventRecord, PlaybackBody, PlaybackRecord } from '../../core/records.ts'
import { type EpochMs, epochMs, isoUtc } from '../../core/time.ts'
import type { Outbox, OutboxEntry } from '../../ports/state-store.ts'
import { type Chain, entryOf, outboxStatements } from './state-outbox-statements.ts'
import { inTransaction } from './state-transaction.ts'

export type OutboxOptions = {
  readonly machineId: string
  readonly sha256Hex: Sha256Hex
  /** 32 hex digits, new each time. */
  readonly newEpoch: () => string
  readonly wall: () => EpochMs
  /** Unacknowledged records kept at most. */
  readonly limit: number
  /** An epoch began after the opening. */
  readonly onRenewed: () => void
}

type Topic = OutboxEntry['topic']

// What is dropped at once when the outbox is full, as a share of the limit: a GAP event each time is a record too.
const DROPPED_SHARE = 100
/** Records in memory at once while all are written again. */
const PAGE = 512

/** How the database came to be as it is. */
export type Origin = {
  readonly damaged: boolean
  /** The epoch before this database, where one is known. */
  readonly previous: string | undefined
  /** It is an older copy: numbers above its own were given already, or another epoch was begun. */
  readonly restored: boolean
}

/** The outbox in state.db. Numbers and hashes are given inside the transaction that writes the record. */
export class SqliteOutbox implements Outbox {
  readonly #db: Database
  readonly #options: OutboxOptions
  readonly #statements: ReturnType<typeof outboxStatements>
  #chain: Chain
  #unacknowledged = 0
  #gaps: readonly number[] = []

  constructor(db: Database, options: OutboxOptions, origin: Origin) {
    this.#db = db
    this.#options = options
    this.#statements = outboxStatements(db)
    this.#chain = this.#stored()
    this.#recount()
    if (this.#chain.generation === 0)
      this.transaction(() => this.#begin(origin.previous, origin.damaged || origin.previous !== undefined))
    else if (this.#chain.machineId !== options.machineId) this.#moveToThisMachine()
    else if (origin.restored) this.#renew()
  }

  get epoch(): string {
    return this.#chain.epoch
  }

  event(body: EventBody): EventRecord {
    return this.transaction(() => this.append('event', body))
  }

  /** Runs `work` whole or not at all, the numbers given in it included. @throws DISK_FULL, DATABASE, IO */
  transaction<Result>(work: () => Result): Result {
    return inTransaction(this.#db, work, () => {
      this.#chain = this.#stored()
      this.#recount()
    })
  }

  /** To be called inside `transaction` alone. */
  append(topic: 'playback', body: PlaybackBody): PlaybackRecord
  append(topic: 'event', body: EventBody): EventRecord
  append(topic: Topic, body: PlaybackBody | EventBody): PlaybackRecord | EventRecord {
    const record = this.#insert(topic, body)
    if (this.#unacknowledged > this.#options.limit) this.#dropOldest()
    return record
  }

  pending(after: number, limit: number): readonly OutboxEntry[] {
    return this.#statements.pending.all(this.#chain.generation, after, limit).map(entryOf)
  }

  gaps(after: number): readonly OutboxEntry[] {
    return this.#gaps
      .filter((n) => n > after)
      .flatMap((n) => this.#statements.one.all(this.#chain.generation, n).map(entryOf))
  }

  unacknowledged(): number {
    return this.#unacknowledged
  }

  lastNumber(): number {
    return this.#chain.n
  }

  hashOf(n: number): string | undefined {
    const { generation, n: last, hash } = this.#chain
    if (n === last) return hash
    const row = this.#statements.from.get(generation, n)
    if (row === undefined || n < 1) return undefined
    const { record } = entryOf(row)
    if (record.n === n) return record.hash
    // A record that was dropped is still named by the one after it.
    return record.n === n + 1 ? record.prev : undefined
  }

  acknowledge(upTo: number): void {
    // Of the epoch that was meant: with a disk that fails a new one may begin meanwhile.
    const { generation } = this.#chain
    const { changes } = inTransaction(this.#db, () => this.#statements.acknowledge.run(generation, upTo))
    if (generation === this.#chain.generation) this.#without(changes, (n) => n <= upTo)
  }

  acknowledgeOnly(numbers: readonly number[]): void {
    const { generation } = this.#chain
    const changes = inTransaction(this.#db, () =>
      numbers.reduce((sum, n) => sum + this.#statements.acknowledgeOne.run(generation, n).changes, 0),
    )
    if (generation === this.#chain.generation) this.#without(changes, (n) => numbers.includes(n))
  }

  reopen(fromN: number): Gap | undefined {
    const { generation, n, hash } = this.#chain
    const first = this.#statements.from.get(generation, fromN)
    inTransaction(this.#db, () => this.#statements.reopen.run(generation, fromN))
    this.#recount()
    if (generation !== this.#chain.generation) return undefined
    if (fromN > n || first?.n === fromN) return undefined
    if (first === undefined) return { from: fromN, to: n, hash }
    return { from: fromN, to: first.n - 1, hash: entryOf(first).record.prev }
  }

  renew(): void {
    this.#renew()
    this.#options.onRenewed()
  }

  #renew(): void {
    this.transaction(() => {
      const { generation, epoch } = this.#chain
      this.#begin(epoch, true, mergedGaps(this.gaps(0).flatMap(({ record }) => gapOf(record) ?? [])))
      this.#writeAgain(generation)
      this.#statements.dropPending.run(generation)
    })
  }

  history(since: EpochMs, limit: number): readonly OutboxEntry[] {
    return this.#statements.history.all(since, limit).map(entryOf)
  }

  /** Must run inside a transaction. */
  prune(before: EpochMs, keep: number): void {
    this.#statements.pruneOld.run(before)
    const cutoff = this.#statements.cutoff.get(keep)
    if (cutoff !== undefined) this.#statements.pruneMany.run(cutoff.generation, cutoff.n)
  }

  #insert(topic: Topic, body: PlaybackBody | EventBody): PlaybackRecord | EventRecord {
    const { generation, n, hash } = this.#chain
    const record = sealRecord(n + 1, hash, body, this.#options.sha256Hex)
    const at = epochMs(Date.parse('planned' in record ? record.planned : record.at))
    this.#statements.insert.run(generation, record.n, topic, at, JSON.stringify(record))
    this.#statements.advance.run(record.n, record.hash)
    this.#chain = { ...this.#chain, n: record.n, hash: record.hash }
    this.#unacknowledged += 1
    if (gapOf(record) !== undefined) this.#gaps = [...this.#gaps, record.n]
    return record
  }

  /** What is dropped is covered by a GAP, and so is what a GAP among it covered. */
  #dropOldest(): void {
    const count = Math.max(2, Math.ceil(this.#options.limit / DROPPED_SHARE))
    const dropped = this.pending(0, count)
    const [first, last] = [dropped[0], dropped.at(-1)]
    if (first === undefined || last === undefined) return
    const from = Math.min(first.record.n, ...dropped.flatMap(({ record }) => gapOf(record)?.from ?? []))
    const { n: to, hash } = last.record
    const { changes } = this.#statements.drop.run(this.#chain.generation, first.record.n, to)
    this.#without(changes, (n) => n <= to)
    this.#insert('event', {
      at: isoUtc(this.#options.wall()),
      code: 'GAP',
      severity: 'alarm',
      data: { from, to, hash },
    })
  }

  /** All but the GAPs: their numbers are of the epoch before, so they are told with its end. */
  #writeAgain(generation: number): void {
    const { pending } = this.#statements
    for (
      let page = pending.all(generation, 0, PAGE);
      page.length > 0;
      page = pending.all(generation, page.at(-1)?.n ?? Number.MAX_SAFE_INTEGER, PAGE)
    )
      for (const { topic, record } of page.map(entryOf)) {
        if (gapOf(record) !== undefined) continue
        const { n: _n, prev: _prev, hash: _hash, ...body } = record
        this.#insert(topic, body)
      }
  }

  #begin(previousEpoch: string | undefined, alarm: boolean, gaps: readonly Gap[] = []): void {
    const { machineId, newEpoch, wall } = this.#options
    const generation = this.#chain.generation + 1
    this.#chain = { generation, epoch: newEpoch(), machineId, n: 0, hash: FIRST_PREV }
    this.#statements.begin.run(generation, this.#chain.epoch, machineId, FIRST_PREV)
    this.#recount()
    this.#insert('event', {
      at: isoUtc(wall()),
      code: 'DATABASE',
      severity: alarm ? 'alarm' : 'info',
      data: {
        ...(previousEpoch === undefined ? {} : { previousEpoch }),
        ...(gaps.length === 0 ? {} : { gaps }),
      },
    })
  }

  /** The card came from another machine: what it had still to send was said by that one, not by this. */
  #moveToThisMachine(): void {
    this.transaction(() => {
      this.#statements.dropPending.run(this.#chain.generation)
      this.#begin(this.#chain.epoch, true)
    })
  }

  #stored(): Chain {
    const { machineId } = this.#options
    return this.#statements.chain.get() ?? { generation: 0, epoch: '', machineId, n: 0, hash: FIRST_PREV }
  }

  /** So many records wait no longer, and these GAPs among them. */
  #without(count: number, gone: (n: number) => boolean): void {
    this.#unacknowledged -= count
    this.#gaps = this.#gaps.filter((n) => !gone(n))
  }

  #recount(): void {
    this.#unacknowledged = this.#statements.count.get(this.#chain.generation) ?? 0
    this.#gaps = this.#statements.gaps.all(this.#chain.generation)
  }
}
