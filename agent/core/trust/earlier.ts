/** Documents of one topic that are kept beside the one in force. */
const KEPT = 4

type Signed = { readonly rev: number; readonly signers: readonly string[] }

const setOf = ({ signers }: Pick<Signed, 'signers'>): string => [...signers].sort().join(' ')

/**
 * Which earlier documents of a topic stay, newest first: one comes back into force when every key that signed the
 * present one is revoked. The newest of each other set of signers goes first, so that a leaked key that publishes
 * without end cannot push out what an honest one signed.
 */
export const keepEarlier = <Document extends Signed>(
  documents: readonly Document[],
  present: Pick<Signed, 'signers'>,
): readonly Document[] => {
  const newestFirst = documents.toSorted((a, b) => b.rev - a.rev)
  const seen = new Set([setOf(present)])
  const others: Document[] = []
  const again: Document[] = []
  for (const document of newestFirst) {
    const set = setOf(document)
    if (seen.has(set)) again.push(document)
    else others.push(document)
    seen.add(set)
  }
  return [...others, ...again].slice(0, KEPT).toSorted((a, b) => b.rev - a.rev)
}
