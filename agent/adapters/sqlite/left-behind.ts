import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { LoaError, messageOf } from '../../core/error.ts'
import { ARBITER_INPUTS } from './state-files.ts'
import { readOpenStretch, unpackStretch } from './state-journal.ts'

/** What an agent that does not run left in its state. */
export type LeftBehind = {
  /** One record a line, oldest first. */
  readonly records: string
  /** What the arbiter was told. */
  readonly inputs: string
}

const MOST_BYTES = 512 * 1024 * 1024
const MOST_RECORDS = 5000

/** Rows of a table that a damaged or older file may lack. */
const rowsOf = <Row>(read: () => readonly Row[]): readonly Row[] => {
  try {
    return read()
  } catch {
    return []
  }
}

const readFrom = (path: string, since: number): LeftBehind => {
  const database = new Sqlite(path)
  try {
    const records = rowsOf(() =>
      database
        .prepare<[number, number], { topic: string; record: string }>(
          'SELECT topic, record FROM outbox WHERE at >= ? ORDER BY generation DESC, n DESC LIMIT ?',
        )
        .all(since, MOST_RECORDS),
    )
    const stretches = rowsOf(() =>
      database.prepare<[], { content: Buffer }>('SELECT content FROM journal ORDER BY id').all(),
    )
    return {
      records: records
        .toReversed()
        .map(({ topic, record }) => `{"topic":"${topic}","record":${record}}\n`)
        .join(''),
      inputs: stretches.map(({ content }) => unpackStretch(content)).join(''),
    }
  } finally {
    database.close()
  }
}

/**
 * Reads a copy of state.db, never the file: SQLite would leave companions of it behind that belong to whoever looked, and
 * the agent could not start. @throws IO, DATABASE
 */
export const readLeftBehind = (stateFolder: string, runtime: string, since: number): LeftBehind => {
  const copy = mkdtempSync(join(tmpdir(), 'loa-bundle-'))
  try {
    const source = join(stateFolder, 'state.db')
    if (statSync(source).size > MOST_BYTES) throw new LoaError('TOO_LARGE', `${source} is too large to copy`)
    for (const companion of ['', '-wal'])
      if (existsSync(source + companion)) copyFileSync(source + companion, join(copy, `state.db${companion}`))
    const { records, inputs } = readFrom(join(copy, 'state.db'), since)
    return { records, inputs: inputs + readOpenStretch(join(runtime, ARBITER_INPUTS)) }
  } catch (cause) {
    throw cause instanceof LoaError ? cause : new LoaError('IO', messageOf(cause), { cause })
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
