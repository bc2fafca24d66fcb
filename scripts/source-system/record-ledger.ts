import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EventRecord, PlaybackRecord } from '../../agent/core/records.ts'
import type { Batch, BatchTopic } from './batch.ts'
import { type ChainedRecord, canonicalJson, FIRST_PREV, gapOf, recordHash } from './chain.ts'
import { LEDGER_SCHEMA } from './ledger-schema.ts'

/** Body of `down/acked`: everything from 1 to `upTo` is held, or covered by a GAP. */
type Ack = { readonly epoch: string; readonly upTo: number; readonly hash: string }

/** Why a record was not taken: its own hash is wrong, or its number is held already with another hash. */
export type RefusedRecord = { readonly n: number; readonly reason: 'BAD_HASH' | 'CONFLICT' }

export type Receipt = {
  readonly device: string
  readonly epoch: string
  readonly topic: BatchTopic
  readonly inserted: readonly ChainedRecord[]
  readonly duplicates: number
  readonly refused: readonly RefusedRecord[]
  /** Undefined while record 1 is missing: there is nothing to acknowledge then. */
  readonly ack: Ack | undefined
}

export type StoredRecord = { readonly topic: BatchTopic; readonly record: ChainedRecord }
export type ChainKey = { readonly device: string; readonly epoch: string }

/** The received records of all devices in one SQLite file. */
export type RecordLedger = Disposable & {
  /** Stores what is new, in one transaction that is on disk when it returns. */
  readonly receive: (batch: Batch) => Receipt
  /** In the order of their first record. */
  readonly chains: () => readonly ChainKey[]
  /** By rising `n`, just as stored: nothing of it is believed. */
  readonly stored: (key: ChainKey) => readonly StoredRecord[]
  readonly refused: (key: ChainKey) => readonly RefusedRecord[]
  /** Playback records of one device, or of all, oldest first. */
  readonly playback: (device?: string) => readonly PlaybackRecord[]
  readonly events: (device?: string) => readonly EventRecord[]
  readonly ackOf: (key: ChainKey) => Ack | undefined
}

type Row = Readonly<Record<string, string | number>>
type Query = (sql: string, ...values: readonly (string | number)[]) => readonly Row[]

const faultOf = (record: ChainedRecord, held: Row | undefined): RefusedRecord['reason'] | undefined => {
  if (recordHash(record) !== record.hash) return 'BAD_HASH'
  return held === undefined || held['hash'] === record.hash ? undefined : 'CONFLICT'
}

/**
 * The end of what is held without a hole, from where it was before. A record that does not follow by its `prev` is of
 * another chain under the same numbers: acknowledged, the device would forget those that were refused for it.
 */
const advance = (query: Query, { device, epoch }: ChainKey, from: Ack): Ack => {
  const next = from.upTo + 1
  const [record] = query(
    "SELECT hash FROM record WHERE device = ? AND epoch = ? AND n = ? AND body ->> 'prev' = ?",
    device,
    epoch,
    next,
    from.hash,
  )
  if (record !== undefined) return { epoch, upTo: next, hash: String(record['hash']) }
  const [gap] = query(
    'SELECT last, hash FROM gap WHERE device = ? AND epoch = ? AND first <= ? AND last >= ? ORDER BY last DESC LIMIT 1',
    device,
    epoch,
    next,
    next,
  )
  return gap === undefined ? from : { epoch, upTo: Number(gap['last']), hash: String(gap['hash']) }
}

const createReceive = (database: DatabaseSync, query: Query, now: () => Date) => {
  const ackOf = ({ device, epoch }: ChainKey): Ack => {
    const [chain] = query('SELECT up_to, hash FROM chain WHERE device = ? AND epoch = ?', device, epoch)
    return { epoch, upTo: Number(chain?.['up_to'] ?? 0), hash: String(chain?.['hash'] ?? FIRST_PREV) }
  }
  const moveOn = (key: ChainKey): Ack => {
    let end = ackOf(key)
    for (let next = advance(query, key, end); next.upTo > end.upTo; next = advance(query, key, end))
      end = next
    query(
      `INSERT INTO chain (device, epoch, seen, up_to, hash) SELECT ?, ?, count(*), ?, ? FROM chain WHERE true
       ON CONFLICT DO UPDATE SET up_to = excluded.up_to, hash = excluded.hash`,
      key.device,
      key.epoch,
      end.upTo,
      end.hash,
    )
    return end
  }
  const take = (batch: Batch, record: ChainedRecord): 'inserted' | 'duplicate' | RefusedRecord => {
    const { device, epoch, topic } = batch
    const { n, hash } = record
    const at = now().toISOString()
    const body = canonicalJson(record)
    const [held] = query('SELECT hash FROM record WHERE device = ? AND epoch = ? AND n = ?', device, epoch, n)
    const reason = faultOf(record, held)
    if (reason !== undefined) {
      query('INSERT OR IGNORE INTO refused VALUES (?, ?, ?, ?, ?, ?)', device, epoch, n, reason, body, at)
      return { n, reason }
    }
    if (held !== undefined) return 'duplicate'
    query('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)', device, epoch, n, topic, body, hash, at)
    const gap = gapOf(record)
    if (gap !== undefined) {
      query('INSERT OR IGNORE INTO gap VALUES (?, ?, ?, ?, ?)', device, epoch, gap.from, gap.to, gap.hash)
    }
    return 'inserted'
  }
  const receive = (batch: Batch): Receipt => {
    const inserted: ChainedRecord[] = []
    const refused: RefusedRecord[] = []
    for (const record of batch.records) {
      const outcome = take(batch, record)
      if (outcome === 'inserted') inserted.push(record)
      else if (outcome !== 'duplicate') refused.push(outcome)
    }
    const end = moveOn(batch)
    const duplicates = batch.records.length - inserted.length - refused.length
    const { device, epoch, topic } = batch
    return { device, epoch, topic, inserted, duplicates, refused, ack: end.upTo === 0 ? undefined : end }
  }
  return {
    receive: (batch: Batch): Receipt => {
      database.exec('BEGIN IMMEDIATE')
      try {
        const receipt = receive(batch)
        database.exec('COMMIT')
        return receipt
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    ackOf: (key: ChainKey): Ack | undefined => {
      const end = ackOf(key)
      return end.upTo === 0 ? undefined : end
    },
  }
}

/** Opens or makes the ledger; `:memory:` keeps nothing. */
export const openRecordLedger = (file: string, now: () => Date = () => new Date()): RecordLedger => {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  database.exec(LEDGER_SCHEMA)
  const query = createQuery(database)
  const { receive, ackOf } = createReceive(database, query, now)

  const bodies = (topic: BatchTopic, device: string | undefined) =>
    query(
      `SELECT body FROM record JOIN chain USING (device, epoch)
       WHERE topic = ? AND (? = '' OR device = ?) ORDER BY device, seen, n`,
      topic,
      device ?? '',
      device ?? '',
    ).map((row) => JSON.parse(String(row['body'])))
  return {
    receive,
    ackOf,
    chains: () =>
      query('SELECT device, epoch FROM chain ORDER BY device, seen').map((row) => ({
        device: String(row['device']),
        epoch: String(row['epoch']),
      })),
    stored: ({ device, epoch }) =>
      query('SELECT topic, body FROM record WHERE device = ? AND epoch = ? ORDER BY n', device, epoch).map(
        (row) => ({
          topic: row['topic'] === 'event' ? 'event' : 'playback',
          record: JSON.parse(String(row['body'])),
        }),
      ),
    refused: ({ device, epoch }) =>
      query('SELECT n, reason FROM refused WHERE device = ? AND epoch = ? ORDER BY n', device, epoch).map(
        (row) => ({ n: Number(row['n']), reason: row['reason'] === 'CONFLICT' ? 'CONFLICT' : 'BAD_HASH' }),
      ),
    playback: (device) => bodies('playback', device),
    events: (device) => bodies('event', device),
    [Symbol.dispose]: () => database.close(),
  }
}

const createQuery = (database: DatabaseSync): Query => {
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  return (sql, ...values) => {
    const statement = prepared.get(sql) ?? database.prepare(sql)
    prepared.set(sql, statement)
    return statement.all(...values).map((row) => {
      const plain: Record<string, string | number> = {}
      for (const [name, value] of Object.entries(row)) {
        if (typeof value === 'string' || typeof value === 'number') plain[name] = value
      }
      return plain
    })
  }
}
