/** How a block of shell in a guide is meant, as the comment before it says. */
export type Mark =
  /** Somebody who follows the guide types it on the receiver. */
  | { readonly kind: 'run'; readonly exits: readonly number[]; readonly asks: boolean }
  /** It cannot be tried without the thing itself; the comment says why. */
  | { readonly kind: 'by-hand'; readonly why: string }

export type Block = {
  readonly mark: Mark | undefined
  readonly code: string
  /** What the guide says that it prints; `…` stands for anything. */
  readonly shows: readonly string[]
  /** Of the guide, from 1. */
  readonly line: number
}

const FENCE =
  /(?:^<!-- (?<mark>run|run, exit 0 or 1|run, it asks|by hand: [^\n]+) -->\n)?^```bash\n(?<code>[\s\S]*?)^```$(?:\n+^<!-- shows -->\n```text\n(?<shows>[\s\S]*?)^```$)?/gm

const markOf = (text: string | undefined): Mark | undefined => {
  if (text === undefined) return undefined
  if (text.startsWith('by hand: ')) return { kind: 'by-hand', why: text.slice('by hand: '.length) }
  // A diagnosis says by its exit code what it found, which depends on the machine.
  return { kind: 'run', exits: text.endsWith('0 or 1') ? [0, 1] : [0], asks: text.endsWith('it asks') }
}

/** The blocks of shell of a guide, in order. A block without a mark is a mistake of whoever wrote it. */
export const blocksOf = (guide: string): readonly Block[] =>
  [...guide.matchAll(FENCE)].map(({ groups, index }) => ({
    mark: markOf(groups?.['mark']),
    code: groups?.['code'] ?? '',
    shows: (groups?.['shows'] ?? '').split('\n').filter((line) => line !== ''),
    line: guide.slice(0, index).split('\n').length,
  }))

/** Whether a line that was printed is the one that is shown, in which each `…` stands for anything. */
const isLike = (shown: string, printed: string): boolean => {
  const [head = '', ...rest] = shown.split('…').map((part) => part.trim())
  const tail = rest.pop()
  if (tail === undefined) return printed === head
  let at = head.length
  for (const part of rest) {
    const found = printed.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return printed.startsWith(head) && printed.endsWith(tail) && printed.length - tail.length >= at
}

/** The first line that a guide shows and that was not printed, in its place behind those before it. */
export const notShown = (shows: readonly string[], printed: string): string | undefined => {
  const lines = printed.split('\n').map((line) => line.trim())
  let from = 0
  for (const line of shows) {
    const at = lines.findIndex((each, index) => index >= from && isLike(line.trim(), each))
    if (at < 0) return line
    from = at + 1
  }
  return undefined
}
