/** What one bench found, ready to be shown as a table. */
export type Section = {
  readonly title: string
  /** How it was measured, in sentences. */
  readonly method: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Lines as a bench of its own printed them. */
  readonly text?: string
}

/** One bench; `quick` has it do as little as shows that it still works. */
export type BenchFunction = (quick: boolean) => Promise<Section>

const aligned = (lines: readonly (readonly string[])[]): readonly (readonly string[])[] => {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  )
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)))
}

/** A section in Markdown, its table aligned so that it reads well in a terminal too. */
export const markdownOf = ({ title, method, head, rows, text }: Section): string => {
  const [top = [], ...body] = aligned([head, ...rows])
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = line(top.map((cell) => '-'.repeat(cell.length)))
  const table = rows.length > 0 ? [line(top), rule, ...body.map(line), ''] : []
  const block = text === undefined ? [] : ['```', text.trimEnd(), '```', '']
  return [`## ${title}`, '', ...table, ...block, method, ''].join('\n')
}
