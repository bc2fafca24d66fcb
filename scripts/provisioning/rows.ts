import { LoaError } from '../../agent/core/error.ts'
import { type CsvRow, readCsv } from './csv.ts'

/** A receiver to be, as one row of the list says. */
export type PlannedDevice = {
  readonly row: number
  readonly province: string
  readonly commune: string
  /** What is printed on its label: where it hangs, in words. */
  readonly label: string
  /** A name of board-configs, or `auto`. */
  readonly board: string
  /** Given when it replaces one of this name. */
  readonly id?: string
  readonly groups: readonly string[]
  readonly languages: readonly string[]
  /** Instead of those for all. */
  readonly brokers: readonly string[]
}

type Column = 'province' | 'commune' | 'label' | 'board' | 'id' | 'groups' | 'languages' | 'brokers'
type Rule = { readonly test: (text: string) => boolean; readonly wanted: string }

const NEEDED: readonly Column[] = ['province', 'commune', 'label']
const NAMES: Readonly<Record<string, Column>> = {
  province: 'province',
  tinh: 'province',
  'ma tinh': 'province',
  commune: 'commune',
  xa: 'commune',
  'ma xa': 'commune',
  label: 'label',
  place: 'label',
  'vi tri': 'label',
  'ten cum loa': 'label',
  board: 'board',
  'bo mach': 'board',
  id: 'id',
  ma: 'id',
  groups: 'groups',
  nhom: 'groups',
  languages: 'languages',
  'ngon ngu': 'languages',
  broker: 'brokers',
  brokers: 'brokers',
}
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/
const MOST_FAULTS = 20
const MOST_ROWS = 1000
const LONGEST_LABEL = 80

const words = (text: string): readonly string[] => text.split(/[\s|]+/).filter((word) => word !== '')
const everyWord =
  (pattern: RegExp) =>
  (text: string): boolean =>
    words(text).every((word) => pattern.test(word))

const rulesFor = (boards: readonly string[]): Readonly<Record<Column, Rule>> => ({
  province: {
    test: (text) => /^\d{2}$/.test(text),
    wanted:
      'the two digits of a province, such as 75 or 01 (a spreadsheet drops the 0 unless the column is text)',
  },
  commune: { test: (text) => /^\d{5}$/.test(text), wanted: 'the five digits of a commune, such as 26068' },
  label: {
    test: (text) => text.length <= LONGEST_LABEL && !/\p{Cc}/u.test(text),
    wanted: `one line of at most ${LONGEST_LABEL} characters`,
  },
  board: {
    test: (text) => text === '' || text === 'auto' || boards.includes(text),
    wanted: `auto, or one of ${boards.join(', ')}`,
  },
  id: {
    test: (text) => text === '' || ID.test(text),
    wanted: 'nothing, or the name of the receiver that this card replaces: 1-40 of A-Z a-z 0-9 . _ -',
  },
  groups: { test: everyWord(ID), wanted: 'names of groups with spaces between them' },
  languages: {
    test: everyWord(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/),
    wanted: 'codes such as vi or tyz, with spaces between them',
  },
  brokers: {
    test: everyWord(/^mqtts?:\/\/[^\s/]+\/?$/),
    wanted: 'mqtts://host:port, several with spaces between them',
  },
})

/** Without marks and case: people write `Tỉnh`, `tinh`, `TỈNH`. */
const bare = (title: string): string =>
  title
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[đĐ]/g, 'd')
    .toLowerCase()
    .replaceAll(/[_\s]+/g, ' ')
    .trim()

const columnsOf = (heading: CsvRow): readonly (Column | undefined)[] => {
  const columns = heading.fields.map((title) => NAMES[bare(title)])
  const missing = NEEDED.filter((name) => !columns.includes(name))
  if (missing.length > 0)
    throw new LoaError(
      'INVALID',
      `row ${heading.row}: no column ${missing.join(', ')}; the first row names the columns: province, commune, label, and where wanted board, id, groups, languages, brokers`,
    )
  const twice = columns.find((name, i) => name !== undefined && columns.indexOf(name) !== i)
  if (twice !== undefined) throw new LoaError('INVALID', `row ${heading.row}: two columns are ${twice}`)
  const unknown = heading.fields.find((title, i) => title !== '' && columns[i] === undefined)
  if (unknown !== undefined)
    throw new LoaError(
      'INVALID',
      `row ${heading.row}: ${JSON.stringify(unknown)} is no column that is known here`,
    )
  return columns
}

const deviceOf = (row: number, text: (column: Column) => string): PlannedDevice => ({
  row,
  province: text('province'),
  commune: text('commune'),
  label: text('label').normalize('NFC'),
  board: text('board') || 'auto',
  ...(text('id') === '' ? {} : { id: text('id') }),
  groups: words(text('groups')),
  languages: words(text('languages')),
  brokers: words(text('brokers')),
})

function* faultsOfRow(
  { row, fields }: CsvRow,
  columns: readonly (Column | undefined)[],
  rules: Readonly<Record<Column, Rule>>,
): Generator<string> {
  if (fields.slice(columns.length).some((field) => field !== ''))
    yield `row ${row}: more fields than the first row has columns`
  for (const [i, column] of columns.entries()) {
    if (column === undefined) continue
    const field = fields[i] ?? ''
    const isMissing = field === '' && NEEDED.includes(column)
    if (isMissing || !rules[column].test(field))
      yield `row ${row}, column ${column}: ${isMissing ? 'empty' : JSON.stringify(field)}; wanted: ${rules[column].wanted}`
  }
}

function* sameTwice(devices: readonly PlannedDevice[]): Generator<string> {
  const labels = new Map<string, number>()
  const ids = new Map<string, number>()
  for (const { row, province, commune, label, id } of devices) {
    const name = `${province}/${commune} ${label.toLowerCase()}`
    const before = labels.get(name)
    if (before !== undefined)
      yield `row ${row}, column label: ${JSON.stringify(label)} stands in row ${before} already; two receivers need two labels`
    labels.set(name, row)
    const same = id === undefined ? undefined : ids.get(id)
    if (same !== undefined) yield `row ${row}, column id: ${id} stands in row ${same} already`
    if (id !== undefined) ids.set(id, row)
  }
}

/**
 * The receivers of a list. @param boards names that board files have
 * @throws INVALID with the first faults, each with its row and column
 */
export const readDevices = (source: string, boards: readonly string[]): readonly PlannedDevice[] => {
  const [heading, ...rows] = readCsv(source)
  if (heading === undefined)
    throw new LoaError('INVALID', 'the list is empty: its first row names the columns')
  const columns = columnsOf(heading)
  if (rows.length === 0) throw new LoaError('INVALID', 'the list names no receiver below its first row')
  if (rows.length > MOST_ROWS)
    throw new LoaError('INVALID', `${rows.length} receivers at once are too many; at most ${MOST_ROWS}`)
  const rules = rulesFor(boards)
  const devices = rows.map(({ row, fields }) =>
    deviceOf(row, (column) => fields[columns.indexOf(column)] ?? ''),
  )
  const faults = [...rows.flatMap((row) => [...faultsOfRow(row, columns, rules)]), ...sameTwice(devices)]
  if (faults.length === 0) return devices
  const more = faults.length > MOST_FAULTS ? [`and ${faults.length - MOST_FAULTS} more`] : []
  throw new LoaError('INVALID', [...faults.slice(0, MOST_FAULTS), ...more].join('\n'))
}
