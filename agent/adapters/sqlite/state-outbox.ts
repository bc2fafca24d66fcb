import type { Database } from 'better-sqlite3'
import { FIRST_PREV, type Sha256Hex, sealRecord } from '../../core/record/chain.ts'
import type { EventBody, EventRecord, PlaybackBody, PlaybackRecord } from '../../core/records.ts'
import { type EpochMs, epochMs, isoUtc } from '../../core/time.ts'
import type { Gap, Outbox, OutboxEntry } from '../../ports/state-store.ts'
import { inTransaction } from './state-transaction.ts'

export type OutboxOptions = {
  readonly machineId: string
  readonly sha256Hex: Sha256Hex
  /** 32 hex digits, new each time. */
  readonly newEpoch: () => string
  readonly wall: () => EpochMs
  /** Unacknowledged records kept at most. */
  readonly limit: number
}

type Chain = {
  readonly generation: number
  readonly epoch: string
  readonly machineId: string
  readonly n: number
  readonly hash: string
}
type Row = { readonly n: number; readonly topic: OutboxEntry['topic']; readonly record: string }
type Topic = OutboxEntry['topic']

// What is dropped at once when the outbox is full, as a share of the limit: a GAP event each time is a record too.
const DROPPED_SHARE = 100

const entryOf = ({ topic, record }: Row): OutboxEntry =>
  ({ topic, record: JSON.parse(record) }) as OutboxEntry

const gapFrom = (entry: OutboxEntry): number | undefined => {
  if (entry.topic !== 'event' || entry.record.code !== 'GAP') return undefined
  return Number(entry.record.data['from'])
}

const statementsOf = (db: Database) => ({
  chain: db.prepare<[], Chain>(
    'SELECT generation, epoch, machine_id AS machineId, n, hash FROM chain WHERE id = 1',
  ),
  begin: db.prepare(
    'INSERT OR REPLACE INTO chain (id, generation, epoch, machine_id, n, hash) VALUES (1, ?, ?, ?, 0, ?)',
  ),
  advance: db.prepare('UPDATE chain SET n = ?, hash = ? WHERE id = 1'),
  insert: db.prepare(
    'INSERT INTO outbox (generation, n, topic, at, acknowledged, record) VALUES (?, ?, ?, ?, 0, ?)',
  ),
  pending: db.prepare<[number, number, number], Row>(
    'SELECT n, topic, record FROM outbox WHERE generation = ? AND n > ? AND acknowledged = 0 ORDER BY n LIMIT ?',
  ),
  count: db
    .prepare<[number], number>('SELECT COUNT(*) FROM outbox WHERE generation = ? AND acknowledged = 0')
    .pluck(),
  gaps: db
    .prepare<[number], number>(
      "SELECT n FROM outbox WHERE generation = ? AND acknowledged = 0 AND topic = 'event' AND record ->> 'code' = 'GAP' ORDER BY n",
    )
    .pluck(),
  one: db.prepare<[number, number], Row>(
    'SELECT n, topic, record FROM outbox WHERE generation = ? AND n = ?',
  ),
  from: db.prepare<[number, number], Row>(
    'SELECT n, topic, record FROM outbox WHERE generation = ? AND n >= ? ORDER BY n LIMIT 1',
  ),
  acknowledge: db.prepare(
    'UPDATE outbox SET acknowledged = 1 WHERE generation = ? AND n <= ? AND acknowledged = 0',
  ),
  acknowledgeOne: db.prepare(
    'UPDATE outbox SET acknowledged = 1 WHERE generation = ? AND n = ? AND acknowledged = 0',
  ),
  reopen: db.prepare(
    'UPDATE outbox SET acknowledged = 0 WHERE generation = ? AND n >= ? AND acknowledged = 1',
  ),
  drop: db.prepare('DELETE FROM outbox WHERE generation = ? AND n >= ? AND n <= ? AND acknowledged = 0'),
  dropPending: db.prepare('DELETE FROM outbox WHERE generation = ? AND acknowledged = 0'),
  history: db.prepare<[number, number], Row>(
    'SELECT n, topic, record FROM outbox WHERE at >= ? ORDER BY generation DESC, n DESC LIMIT ?',
  ),
  pruneOld: db.prepare('DELETE FROM outbox WHERE acknowledged = 1 AND at < ?'),
  cutoff: db.prepare<[number], { generation: number; n: number }>(
    'SELECT generation, n FROM outbox WHERE acknowledged = 1 ORDER BY generation DESC, n DESC LIMIT 1 OFFSET ?',
  ),
  pruneMany: db.prepare('DELETE FROM outbox WHERE acknowledged = 1 AND (generation, n) <= (?, ?)'),
})

/** How the database came to be as it is. */
export type Origin = {
  readonly damaged: boolean
  /** The epoch before this database, where one is known. */
  readonly previous: string | undefined
  /** It is an older copy: numbers above its own were given already. */
  readonly restored: boolean
}

/** The outbox in state.db. Numbers and hashes are given inside the transaction that writes the record. */
export class SqliteOutbox implements Outbox {
  readonly #db: Database
  readonly #options: OutboxOptions
  readonly #statements: ReturnType<typeof statementsOf>
  #chain: Chain
  #unacknowledged = 0
  #gaps: readonly number[] = []

  constructor(db: Database, options: OutboxOptions, origin: Origin) {
    this.#db = db
    this.#options = options
    this.#statements = statementsOf(db)
    this.#chain = this.#stored()
    this.#recount()
    if (this.#chain.generation === 0)
      this.transaction(() => this.#begin(origin.previous, origin.damaged || origin.previous !== undefined))
    else if (this.#chain.machineId !== options.machineId) this.#moveToThisMachine()
    else if (origin.restored) this.renew()
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
    const { changes } = inTransaction(this.#db, () =>
      this.#statements.acknowledge.run(this.#chain.generation, upTo),
    )
    this.#unacknowledged -= changes
    this.#gaps = this.#gaps.filter((n) => n > upTo)
  }

  acknowledgeOnly(numbers: readonly number[]): void {
    inTransaction(this.#db, () => {
      for (const n of numbers) this.#statements.acknowledgeOne.run(this.#chain.generation, n)
    })
    this.#recount()
  }

  reopen(fromN: number): Gap | undefined {
    const { generation, n, hash } = this.#chain
    const first = this.#statements.from.get(generation, fromN)
    inTransaction(this.#db, () => this.#statements.reopen.run(generation, fromN))
    this.#recount()
    if (fromN > n || first?.n === fromN) return undefined
    if (first === undefined) return { from: fromN, to: n, hash }
    return { from: fromN, to: first.n - 1, hash: entryOf(first).record.prev }
  }

  renew(): void {
    this.transaction(() => {
      const waiting = this.pending(0, this.#unacknowledged)
      this.#statements.dropPending.run(this.#chain.generation)
      this.#begin(this.#chain.epoch, true)
      for (const { topic, record } of waiting) {
        const { n: _n, prev: _prev, hash: _hash, ...body } = record
        this.#insert(topic, body)
      }
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
    if ('code' in record && record.code === 'GAP') this.#gaps = [...this.#gaps, record.n]
    return record
  }

  /** What is dropped is covered by a GAP, and so is what a GAP among it covered. */
  #dropOldest(): void {
    const count = Math.max(2, Math.ceil(this.#options.limit / DROPPED_SHARE))
    const dropped = this.pending(0, count)
    const [first, last] = [dropped[0], dropped.at(-1)]
    if (first === undefined || last === undefined) return
    const from = Math.min(first.record.n, ...dropped.flatMap((entry) => gapFrom(entry) ?? []))
    const { n: to, hash } = last.record
    this.#statements.drop.run(this.#chain.generation, first.record.n, to)
    this.#recount()
    this.#insert('event', {
      at: isoUtc(this.#options.wall()),
      code: 'GAP',
      severity: 'alarm',
      data: { from, to, hash },
    })
  }

  #begin(previousEpoch: string | undefined, alarm: boolean): void {
    const { machineId, newEpoch, wall } = this.#options
    const generation = this.#chain.generation + 1
    this.#chain = { generation, epoch: newEpoch(), machineId, n: 0, hash: FIRST_PREV }
    this.#statements.begin.run(generation, this.#chain.epoch, machineId, FIRST_PREV)
    this.#recount()
    this.#insert('event', {
      at: isoUtc(wall()),
      code: 'DATABASE',
      severity: alarm ? 'alarm' : 'info',
      data: previousEpoch === undefined ? {} : { previousEpoch },
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

  #recount(): void {
    this.#unacknowledged = this.#statements.count.get(this.#chain.generation) ?? 0
    this.#gaps = this.#statements.gaps.all(this.#chain.generation)
  }
}
