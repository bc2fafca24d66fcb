import { LoaError } from '../../agent/core/error.ts'

/** Fields of one line of the file that were not empty, and where it stands. `row` counts from 1, the heading included. */
export type CsvRow = { readonly row: number; readonly fields: readonly string[] }

/** The separator of the heading: a spreadsheet whose decimal sign is a comma writes semicolons. */
const separatorOf = (heading: string): string =>
  [';', '\t'].find((each) => heading.split(each).length > heading.split(',').length) ?? ','

/** A field that began with a quotation mark: its text, and where it ends. */
const quoted = (text: string, from: number, row: number): readonly [string, number] => {
  let field = ''
  for (let at = from + 1; ; ) {
    const end = text.indexOf('"', at)
    if (end < 0) throw new LoaError('INVALID', `row ${row}: a quotation mark opens and none closes`)
    field += text.slice(at, end)
    if (text[end + 1] !== '"') return [field, end + 1]
    field += '"'
    at = end + 2
  }
}

const plain = (text: string, from: number, separator: string): readonly [string, number] => {
  let end = from
  while (end < text.length && text[end] !== separator && text[end] !== '\n') end += 1
  return [text.slice(from, end), end]
}

/**
 * Reads comma-separated values as spreadsheets write them: with a byte order mark or without, commas, semicolons or
 * tabulators, any line ends, quotation marks where they are needed. Empty lines are left out; rows count with them.
 * @see RFC 4180
 * @throws INVALID with the row
 */
export const readCsv = (source: string): readonly CsvRow[] => {
  const text = source.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')
  const separator = separatorOf(text.split('\n', 1)[0] ?? '')
  const rows: CsvRow[] = []
  let fields: string[] = []
  let row = 1
  for (let at = 0; at < text.length; ) {
    const [field, end] = text[at] === '"' ? quoted(text, at, row) : plain(text, at, separator)
    fields.push(field.trim())
    const next = text[end]
    if (next !== undefined && next !== separator && next !== '\n')
      throw new LoaError('INVALID', `row ${row}: text goes on after a closing quotation mark`)
    at = end + 1
    if (next === separator && at < text.length) continue
    if (next === separator) fields.push('')
    if (fields.some((each) => each !== '')) rows.push({ row, fields })
    row += 1
    fields = []
  }
  return rows
}

const FIELD = /^[^",;\t\n\r]*$/
/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@]/

/** Lines of comma-separated values, with a byte order mark, by which spreadsheets know Vietnamese letters for what they are. */
export const csvText = (rows: readonly (readonly string[])[]): string => {
  const field = (text: string): string => {
    const safe = FORMULA.test(text) ? `'${text}` : text
    return FIELD.test(safe) ? safe : `"${safe.replaceAll('"', '""')}"`
  }
  return `\uFEFF${rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')}`
}
