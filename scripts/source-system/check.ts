import { type ChainedRecord, FIRST_PREV, type Gap, gapOf, recordHash, uncanonical } from './chain.ts'
import type { ChainKey, RecordLedger, RefusedRecord, StoredRecord } from './record-ledger.ts'

/** Something that a whole chain does not have. `from`..`to` are the numbers concerned. */
type Finding = {
  readonly fault:
    | 'MISSING'
    | 'BAD_HASH'
    | 'BROKEN_LINK'
    | 'CONFLICT'
    | 'NOT_CANONICAL'
    | 'OCCURRENCE_TWICE'
    | 'REFUSED'
  readonly from: number
  readonly to: number
  readonly message: string
}

export type ChainReport = ChainKey & {
  readonly records: number
  /** Highest number held. */
  readonly last: number
  /** Records the device says it had to drop; no fault of the chain, but evidence that is gone. */
  readonly gaps: readonly Gap[]
  readonly findings: readonly Finding[]
}

const finding = (fault: Finding['fault'], from: number, to: number, message: string): Finding => ({
  fault,
  from,
  to,
  message,
})

const recordFindings = (record: ChainedRecord): readonly Finding[] => {
  const { n } = record
  const odd = uncanonical(record)
  return [
    ...(recordHash(record) === record.hash
      ? []
      : [finding('BAD_HASH', n, n, `record ${n} is not what its hash was made of: it was changed`)]),
    ...(odd.length === 0
      ? []
      : [finding('NOT_CANONICAL', n, n, `record ${n} has values without one spelling: ${odd.join(', ')}`)]),
  ]
}

type Walk = {
  readonly next: number
  readonly prev: string | undefined
  readonly findings: readonly Finding[]
}

/** Steps over the numbers before `until` that no record stands for. */
const stepOver = (walk: Walk, until: number, gaps: readonly Gap[]): Walk => {
  if (walk.next >= until) return walk
  const covering = gaps.filter(({ from, to }) => from <= walk.next && to >= walk.next)
  const gap = covering.sort((a, b) => b.to - a.to)[0]
  if (gap !== undefined) {
    const reached = Math.min(gap.to + 1, until)
    const prev = gap.to + 1 === reached ? gap.hash : undefined
    return stepOver({ ...walk, next: reached, prev }, until, gaps)
  }
  const later = gaps.map(({ from }) => from).filter((from) => from > walk.next && from < until)
  const end = Math.min(...later, until) - 1
  const missing = finding('MISSING', walk.next, end, `${range(walk.next, end)} never arrived`)
  const findings = [...walk.findings, missing]
  return stepOver({ next: end + 1, prev: undefined, findings }, until, gaps)
}

const range = (from: number, to: number): string =>
  from === to ? `record ${from}` : `records ${from} to ${to}`

const linkFindings = (records: readonly ChainedRecord[], gaps: readonly Gap[]): readonly Finding[] => {
  let walk: Walk = { next: 1, prev: FIRST_PREV, findings: [] }
  for (const record of records) {
    const { n, prev } = record
    const here = stepOver(walk, n, gaps)
    const broken = here.prev !== undefined && here.prev !== prev
    const text = `record ${n} does not follow record ${n - 1}: its prev is another hash`
    const findings = broken ? [...here.findings, finding('BROKEN_LINK', n, n, text)] : here.findings
    walk = { next: n + 1, prev: record.hash, findings }
  }
  return walk.findings
}

const occurrenceFindings = (stored: readonly StoredRecord[]): readonly Finding[] => {
  const first = new Map<string, number>()
  const findings: Finding[] = []
  for (const { topic, record } of stored) {
    if (topic !== 'playback') continue
    const { n } = record
    const occurrence = JSON.stringify([record['document'], record['item'], record['planned']])
    const before = first.get(occurrence)
    if (before === undefined) first.set(occurrence, n)
    else {
      const text = `records ${before} and ${n} are of one planned occurrence (${String(record['item'])})`
      findings.push(finding('OCCURRENCE_TWICE', n, n, text))
    }
  }
  return findings
}

/** Refusals that still matter: a damaged copy is forgiven once the true record is here. */
const refusedFindings = (refused: readonly RefusedRecord[], held: ReadonlySet<number>): readonly Finding[] =>
  refused.flatMap(({ n, reason }) => {
    if (reason === 'CONFLICT') {
      return [finding('CONFLICT', n, n, `record ${n} came twice with different content; the first is kept`)]
    }
    if (held.has(n)) return []
    return [finding('REFUSED', n, n, `record ${n} arrived damaged (${reason}) and not again since`)]
  })

/** Judges one chain by itself: numbers without holes, hashes, links, one record an occurrence. */
const checkChain = (
  key: ChainKey,
  stored: readonly StoredRecord[],
  refused: readonly RefusedRecord[] = [],
): ChainReport => {
  const records = stored.map(({ record }) => record)
  const held = new Set(records.map(({ n }) => n))
  const gaps = records.map(gapOf).filter((gap) => gap !== undefined)
  const findings = [
    ...records.flatMap(recordFindings),
    ...linkFindings(records, gaps),
    ...occurrenceFindings(stored),
    ...refusedFindings(refused, held),
  ].sort((a, b) => a.from - b.from)
  return { ...key, records: records.length, last: records.at(-1)?.n ?? 0, gaps, findings }
}

/** Every chain of every device in the ledger, in order of arrival. */
export const checkLedger = (ledger: RecordLedger): readonly ChainReport[] =>
  ledger.chains().map((key) => checkChain(key, ledger.stored(key), ledger.refused(key)))
