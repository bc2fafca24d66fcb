import type { Database } from 'better-sqlite3'
import type { OutboxEntry } from '../../ports/state-store.ts'

/** The end of the chain, the one row of its table. */
export type Chain = {
  readonly generation: number
  readonly epoch: string
  readonly machineId: string
  readonly n: number
  readonly hash: string
}
type Row = { readonly n: number; readonly topic: OutboxEntry['topic']; readonly record: string }

export const entryOf = ({ topic, record }: Row): OutboxEntry =>
  ({ topic, record: JSON.parse(record) }) as OutboxEntry

/**
 * The planner takes the primary key for what waits, and then reads past all that was acknowledged in 90 days: hence the
 * index by name.
 */
export const outboxStatements = (db: Database) => ({
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
    'SELECT n, topic, record FROM outbox INDEXED BY outbox_waiting WHERE generation = ? AND n > ? AND acknowledged = 0 ORDER BY n LIMIT ?',
  ),
  count: db
    .prepare<[number], number>('SELECT COUNT(*) FROM outbox WHERE generation = ? AND acknowledged = 0')
    .pluck(),
  gaps: db
    .prepare<[number], number>(
      "SELECT n FROM outbox INDEXED BY outbox_waiting WHERE generation = ? AND acknowledged = 0 AND topic = 'event' AND record ->> 'code' = 'GAP' ORDER BY n",
    )
    .pluck(),
  one: db.prepare<[number, number], Row>(
    'SELECT n, topic, record FROM outbox WHERE generation = ? AND n = ?',
  ),
  from: db.prepare<[number, number], Row>(
    'SELECT n, topic, record FROM outbox WHERE generation = ? AND n >= ? ORDER BY n LIMIT 1',
  ),
  acknowledge: db.prepare(
    'UPDATE outbox INDEXED BY outbox_waiting SET acknowledged = 1 WHERE generation = ? AND n <= ? AND acknowledged = 0',
  ),
  acknowledgeOne: db.prepare(
    'UPDATE outbox SET acknowledged = 1 WHERE generation = ? AND n = ? AND acknowledged = 0',
  ),
  reopen: db.prepare(
    'UPDATE outbox SET acknowledged = 0 WHERE generation = ? AND n >= ? AND acknowledged = 1',
  ),
  drop: db.prepare(
    'DELETE FROM outbox INDEXED BY outbox_waiting WHERE generation = ? AND n >= ? AND n <= ? AND acknowledged = 0',
  ),
  dropPending: db.prepare(
    'DELETE FROM outbox INDEXED BY outbox_waiting WHERE generation = ? AND acknowledged = 0',
  ),
  history: db.prepare<[number, number], Row>(
    'SELECT n, topic, record FROM outbox WHERE at >= ? ORDER BY generation DESC, n DESC LIMIT ?',
  ),
  pruneOld: db.prepare('DELETE FROM outbox WHERE acknowledged = 1 AND at < ?'),
  cutoff: db.prepare<[number], { generation: number; n: number }>(
    'SELECT generation, n FROM outbox WHERE acknowledged = 1 ORDER BY generation DESC, n DESC LIMIT 1 OFFSET ?',
  ),
  pruneMany: db.prepare('DELETE FROM outbox WHERE acknowledged = 1 AND (generation, n) <= (?, ?)'),
})
