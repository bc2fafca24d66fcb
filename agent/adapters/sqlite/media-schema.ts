import { LOWEST_LUFS, LOWEST_PEAK_DB, type Verified } from '../../ports/media-cache.ts'
import type { Migration } from './database.ts'

/** Chunk rows of a file are `file.id * CHUNKS_PER_FILE + number`: one tree, read and freed in order. */
export const CHUNKS_PER_FILE = 65_536

export const MEDIA_MIGRATIONS: readonly Migration[] = [
  {
    oldestReader: 1,
    sql: `CREATE TABLE file (
     id INTEGER PRIMARY KEY,
     sha256 TEXT NOT NULL UNIQUE,
     bytes INTEGER NOT NULL,
     format TEXT,
     seconds REAL,
     integrated_lufs REAL,
     true_peak_db REAL
   ) STRICT;
   CREATE TABLE chunk (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;`,
  },
  {
    oldestReader: 2,
    sql: `CREATE TABLE made (
     recipe TEXT PRIMARY KEY,
     file INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX made_file ON made (file);`,
  },
]

/** `format` is set when the file is whole and verified. */
export type FileRow = {
  readonly id: number
  readonly sha256: string
  readonly bytes: number
  readonly format: Verified['format'] | null
  readonly seconds: number | null
  readonly integrated_lufs: number | null
  readonly true_peak_db: number | null
}

export const verifiedOf = (row: FileRow): Verified | undefined =>
  row.format === null
    ? undefined
    : {
        format: row.format,
        measured: {
          seconds: row.seconds ?? 0,
          integratedLufs: row.integrated_lufs ?? LOWEST_LUFS,
          truePeakDb: row.true_peak_db ?? LOWEST_PEAK_DB,
        },
      }
