import { DatabaseSync } from 'node:sqlite'
import type { ChainReport } from '../../scripts/source-system/check.ts'

export type Comparison = {
  /** Records in the outbox of the device, all acknowledged. */
  readonly written: number
  /** Of them playback records. */
  readonly playback: number
  /** Rows in the table of the province. */
  readonly stored: number
  /** What is not as it must be; empty when nothing was lost and nothing came twice. */
  readonly faults: readonly string[]
}

export type Ledgers = {
  readonly stateDb: string
  readonly recordsDb: string
  readonly document: string
  readonly planned: readonly { readonly id: string; readonly at: number }[]
  /** `province check --json`. */
  readonly checked: { readonly ok: boolean; readonly chains: readonly ChainReport[] }
}

type Rows = readonly Readonly<Record<string, unknown>>[]

const SHOWN = 5

const read = (file: string, ...queries: readonly string[]): readonly Rows[] => {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return queries.map((sql) => database.prepare(sql).all() as Rows)
  } finally {
    database.close()
  }
}

/** Members that are in one set alone, as a sentence; none when there are none. */
const only = (what: string, of: ReadonlySet<string>, not: ReadonlySet<string>): readonly string[] => {
  const left = [...of].filter((each) => !not.has(each))
  return left.length === 0 ? [] : [`${left.length} ${what}: ${left.slice(0, SHOWN).join(', ')}`]
}

const twice = (what: string, all: readonly string[]): readonly string[] => {
  const count = all.length - new Set(all).size
  return count === 0 ? [] : [`${count} ${what}`]
}

/** The device's own tables, the province's, and what was planned, each against the other. */
export const compareLedgers = ({ stateDb, recordsDb, document, planned, checked }: Ledgers): Comparison => {
  const [chain = [], outbox = [], ledger = []] = read(
    stateDb,
    'SELECT epoch, n, hash FROM chain',
    "SELECT n, topic, record ->> 'hash' AS hash FROM outbox WHERE generation = (SELECT generation FROM chain)",
    'SELECT document, item, planned FROM ledger WHERE open = 0',
  )
  const [stored = []] = read(
    recordsDb,
    `SELECT epoch, n, topic, hash, body ->> 'document' AS document, body ->> 'item' AS item, body ->> 'planned' AS planned FROM record`,
  )
  const end = chain[0] ?? {}
  const epoch = String(end['epoch'])
  const recordOf = (row: Rows[number]): string => `${epoch} ${row['n']} ${row['topic']} ${row['hash']}`
  const ours = new Set(outbox.map(recordOf))
  const theirs = new Set(stored.map((row) => `${row['epoch']} ${row['n']} ${row['topic']} ${row['hash']}`))
  const occurrence = (row: Rows[number]): string =>
    `${row['document']} ${row['item']} ${new Date(row['planned'] as string | number).toISOString()}`
  const due = new Set(planned.map(({ id, at }) => occurrence({ document, item: id, planned: at })))
  const closed = new Set(ledger.map(occurrence))
  const told = stored.filter(({ topic }) => topic === 'playback').map(occurrence)
  const last = checked.chains.map((each) => `${each.epoch} ${each.last}`)
  return {
    written: outbox.length,
    playback: outbox.filter(({ topic }) => topic === 'playback').length,
    stored: stored.length,
    faults: [
      ...only('records of the device are not with the province', ours, theirs),
      ...only('records of the province are not of the device', theirs, ours),
      ...only('planned occurrences have no closed row in the ledger', due, closed),
      ...only('planned occurrences have no record with the province', due, new Set(told)),
      ...only('records are of no planned occurrence', new Set(told), due),
      ...twice('records are of an occurrence that has one', told),
      ...(outbox.length === Number(end['n'])
        ? []
        : [`the outbox holds ${outbox.length} of ${end['n']} numbers`]),
      ...(last.join() === `${epoch} ${end['n']}`
        ? []
        : [`the province has ${last.join()}, the device ends with ${epoch} ${end['n']}`]),
      ...checked.chains.flatMap(({ findings }) => findings.slice(0, SHOWN).map(({ message }) => message)),
    ],
  }
}
