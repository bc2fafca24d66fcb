/** What one bench found, ready to be shown as a table. */
export type Section = {
  /** How it was measured, in sentences. */
  readonly method: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** One bench; `quick` has it do as little as shows that it still works. */
export type NamedBench = { readonly title: string; readonly run: (quick: boolean) => Promise<Section> }

const aligned = (lines: readonly (readonly string[])[]): readonly (readonly string[])[] => {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  )
  return lines.map((line) => widths.map((width, column) => (line[column] ?? '').padEnd(width)))
}

/** A section in Markdown, its table aligned so that it reads well in a terminal too. `origin`: when, of what and where. */
export const markdownOf = (title: string, { method, head, rows }: Section, origin: string): string => {
  const [top = [], ...body] = aligned([head, ...rows])
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = line(top.map((cell) => '-'.repeat(cell.length)))
  const table = [line(top), rule, ...body.map(line), '']
  return [`## ${title}`, '', ...table, method, '', origin, ''].join('\n')
}
