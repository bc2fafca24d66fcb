const HEAD = [
  '# What the benches found',
  '',
  'Written by `npm run bench`; each section says when, at which commit and on which machine. Nothing here is gated; compare what is in one table, not tables of different machines.',
  '',
  '',
].join('\n')

const sectionsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .split(/^(?=## )/m)
      .filter((part) => part.startsWith('## '))
      .map((part) => [part.slice(3, part.indexOf('\n')), `${part.trimEnd()}\n`]),
  )

/** The results with these sections new, all others as they were, in the order of `titles`; one that is not among them goes. */
export const mergeResults = (
  before: string,
  measured: ReadonlyMap<string, string>,
  titles: readonly string[],
): string => {
  const sections = new Map([...sectionsOf(before), ...measured])
  const kept = titles.flatMap((title) => sections.get(title) ?? [])
  return `${HEAD}${kept.map((section) => section.trimEnd()).join('\n\n')}\n`
}
