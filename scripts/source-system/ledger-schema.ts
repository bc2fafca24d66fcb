/** The tables of the record ledger; every statement may be run again on a ledger that is there. */
export const LEDGER_SCHEMA = `
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS record (
  device TEXT NOT NULL, epoch TEXT NOT NULL, n INTEGER NOT NULL,
  topic TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL, received TEXT NOT NULL,
  PRIMARY KEY (device, epoch, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gap (
  device TEXT NOT NULL, epoch TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (device, epoch, first, last)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chain (
  device TEXT NOT NULL, epoch TEXT NOT NULL, seen INTEGER NOT NULL, up_to INTEGER NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (device, epoch)
) STRICT;
CREATE TABLE IF NOT EXISTS refused (
  device TEXT NOT NULL, epoch TEXT NOT NULL, n INTEGER NOT NULL, reason TEXT NOT NULL, body TEXT NOT NULL, received TEXT NOT NULL,
  UNIQUE (device, epoch, n, reason, body)
) STRICT;
`
