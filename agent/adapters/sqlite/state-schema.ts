import type { Migration } from './database.ts'

/**
 * `outbox` numbers restart with each epoch, so rows are known by (generation, n); `chain` is one row, the end of the chain.
 * Instants are EpochMs.
 */
export const STATE_MIGRATIONS: readonly Migration[] = [
  {
    oldestReader: 1,
    sql: `CREATE TABLE documents (
     key TEXT PRIMARY KEY, rev INTEGER NOT NULL, hash TEXT NOT NULL, signers TEXT NOT NULL,
     message BLOB NOT NULL, accepted_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE ledger (
     document TEXT NOT NULL, item TEXT NOT NULL, planned INTEGER NOT NULL,
     open INTEGER NOT NULL, draft TEXT, resume TEXT, kernel_boot_id TEXT,
     PRIMARY KEY (document, item, planned)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX ledger_open ON ledger (open) WHERE open = 1;
   CREATE TABLE outbox (
     generation INTEGER NOT NULL, n INTEGER NOT NULL, topic TEXT NOT NULL, at INTEGER NOT NULL,
     acknowledged INTEGER NOT NULL, record TEXT NOT NULL,
     PRIMARY KEY (generation, n)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX outbox_waiting ON outbox (generation, n) WHERE acknowledged = 0;
   CREATE TABLE chain (
     id INTEGER PRIMARY KEY CHECK (id = 1), generation INTEGER NOT NULL, epoch TEXT NOT NULL,
     machine_id TEXT NOT NULL, n INTEGER NOT NULL, hash TEXT NOT NULL
   ) STRICT;
   CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
  },
  {
    oldestReader: 2,
    sql: `CREATE TABLE earlier (
     key TEXT NOT NULL, rev INTEGER NOT NULL, hash TEXT NOT NULL, signers TEXT NOT NULL,
     message BLOB NOT NULL, accepted_at INTEGER NOT NULL,
     PRIMARY KEY (key, rev)
   ) STRICT;`,
  },
]

/**
 * What a release before does without and passes over: made where it is missing, without a new version, so that the
 * software of the other slot still opens the file. `journal`: what the arbiter was told, in packed stretches.
 */
export const STATE_ADDITIONS = `CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, inputs INTEGER NOT NULL, content BLOB NOT NULL
  ) STRICT;`
