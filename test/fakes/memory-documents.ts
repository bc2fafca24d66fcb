import { keepEarlier } from '../../agent/core/trust/earlier.ts'
import type { DocumentStore, HeldDocument } from '../../agent/ports/state-store.ts'

export class MemoryDocuments implements DocumentStore {
  readonly #held = new Map<string, HeldDocument>()
  readonly #revisions = new Map<string, number>()
  #earlier: readonly HeldDocument[] = []

  held(): readonly HeldDocument[] {
    return [...this.#held.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  earlier(key: string): readonly HeldDocument[] {
    return this.#earlier.filter((each) => each.key === key).sort((a, b) => b.rev - a.rev)
  }

  hold(document: HeldDocument): void {
    const { key, rev, hash } = document
    const replaced = this.#held.get(key)
    if (replaced !== undefined && (replaced.rev !== rev || replaced.hash !== hash))
      this.#keep(replaced, document)
    this.#held.set(key, document)
    this.#revisions.set(key, Math.max(rev, this.#revisions.get(key) ?? 0))
  }

  revoke(key: string, successor?: HeldDocument): void {
    const newest = successor?.rev ?? 0
    this.#earlier = this.#earlier.filter((each) => each.key !== key || each.rev < newest)
    this.#held.delete(key)
    this.#revisions.delete(key)
    if (successor === undefined) return
    this.#held.set(key, successor)
    this.#revisions.set(key, successor.rev)
  }

  drop(key: string): void {
    this.#held.delete(key)
    this.#earlier = this.#earlier.filter((each) => each.key !== key)
  }

  strike(kids: readonly string[], documents: (key: string) => boolean): void {
    const struck = (document: HeldDocument): HeldDocument =>
      document.key.endsWith('/trust') || !documents(document.key)
        ? document
        : { ...document, signers: document.signers.filter((kid) => !kids.includes(kid)) }
    for (const document of this.held()) this.#held.set(document.key, struck(document))
    this.#earlier = this.#earlier.map(struck).filter(({ signers }) => signers.length > 0)
  }

  highestRev(key: string): number | undefined {
    return this.#revisions.get(key)
  }

  #keep(replaced: HeldDocument, present: HeldDocument): void {
    const { key } = replaced
    if (key.endsWith('/trust') || replaced.signers.length === 0) return
    const others = this.#earlier.filter((each) => each.key !== key)
    const same = this.earlier(key).filter(({ rev }) => rev !== replaced.rev)
    this.#earlier = [...others, ...keepEarlier([replaced, ...same], present)]
  }
}
