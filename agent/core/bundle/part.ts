/** A file of a support bundle, or the next piece of it: pieces of one name follow one another. */
export type BundlePart = { readonly name: string; readonly text: string }

/** What the arbiter was told, for `loa replay`. */
export const INPUTS_PART = 'arbiter-inputs.jsonl'
/** The last hour of the log. */
export const LOG_PART = 'log.jsonl'
export const RECORDS_PART = 'records.jsonl'

/** Records of so many days, and so much of the log, are in a bundle. */
export const RECORD_DAYS = 7
export const LOG_MS = 3_600_000
export const SCHEDULE_DAYS = 7

/** A value as people read it: line by line. */
export const jsonPart = (name: string, value: unknown): BundlePart => ({
  name,
  text: `${JSON.stringify(value, null, 1)}\n`,
})

const PIECE = 32_768

/** Whole lines, in pieces so small that whoever works on them between two others is in nobody's way. */
export function* pieces({ name, text }: BundlePart): Generator<BundlePart> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', Math.min(text.length - 1, from + PIECE))
    const to = end === -1 ? text.length : end + 1
    yield { name, text: text.slice(from, to) }
    from = to
  }
}

/** Files of pieces, in the order in which the names came. */
export const joined = (given: Iterable<BundlePart>): readonly BundlePart[] => {
  const texts = new Map<string, string[]>()
  for (const { name, text } of given) {
    const held = texts.get(name)
    if (held === undefined) texts.set(name, [text])
    else held.push(text)
  }
  return [...texts].map(([name, all]) => ({ name, text: all.join('') }))
}

const timeOf = (line: string): number => Date.parse(/"time":"([^"]{20,40})"/.exec(line)?.[1] ?? '')

/** Log lines from the first that is not older. */
export const linesSince = (log: string, since: number): string => {
  for (let from = 0; from < log.length; ) {
    const end = log.indexOf('\n', from)
    const to = end === -1 ? log.length : end + 1
    if (timeOf(log.slice(from, to)) >= since) return log.slice(from)
    from = to
  }
  return ''
}
