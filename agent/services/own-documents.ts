import type { DocumentKey } from '../core/documents.ts'
import type { DocumentStore, HeldDocument } from '../ports/state-store.ts'

const OWN = 'desired'

/**
 * The store as a device sees it that no longer stands where it stood first. Each province has a `desired` topic for it, with
 * revisions of its own: that of the present one is known as `desired`, that of another as `75/desired`.
 */
export const ownDocuments = (store: DocumentStore, home: string, present: string): DocumentStore => {
  if (home === present) return store
  const pairs: ReadonlyMap<DocumentKey, DocumentKey> = new Map([
    [OWN, `${present}/${OWN}`],
    [`${home}/${OWN}`, OWN],
  ])
  const names = new Map([...pairs].map(([shown, stored]) => [stored, shown]))
  const stored = (key: DocumentKey): DocumentKey => pairs.get(key) ?? key
  const shown = (key: DocumentKey): DocumentKey => names.get(key) ?? key
  const asShown = (held: HeldDocument): HeldDocument => ({ ...held, key: shown(held.key) })
  const asStored = (held: HeldDocument): HeldDocument => ({ ...held, key: stored(held.key) })
  return {
    held: () => store.held().map(asShown),
    earlier: (key) => store.earlier(stored(key)).map(asShown),
    hold: (document) => store.hold(asStored(document)),
    revoke: (key, successor) => store.revoke(stored(key), successor && asStored(successor)),
    strike: (kids, documents) => store.strike(kids, (key) => documents(shown(key))),
    drop: (key) => store.drop(stored(key)),
    highestRev: (key) => store.highestRev(stored(key)),
  }
}
