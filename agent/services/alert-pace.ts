import type { DocumentKey } from '../core/documents.ts'
import type { MonoMs } from '../core/time.ts'
import type { Signers } from '../core/trust/signers.ts'

type Waiting<Topic> = { readonly topic: Topic; readonly message: Uint8Array; readonly rev: number }

const AT_ONCE = 60
const WINDOW_MS = 60_000

/**
 * Up to 60 alert revisions a minute and key are acted on at once; of those above it the newest of each topic waits
 * for the next second. Only what may come into force counts: strangers cannot slow an alert down.
 */
export class AlertPace<Topic extends { readonly key: DocumentKey }> {
  readonly #taken = new Map<string, readonly MonoMs[]>()
  readonly #waiting = new Map<DocumentKey, Waiting<Topic>>()

  /**
   * False for a revision that is acted on now, and counted; true for one that is kept for the next second, unless a newer
   * one waits. With signatures off all come from one key.
   */
  mustWait(revision: Waiting<Topic>, signers: Signers, now: MonoMs): boolean {
    const kids = signers.kind === 'kids' ? signers.kids : ['']
    const recent = kids.map((kid) => (this.#taken.get(kid) ?? []).filter((at) => now - at < WINDOW_MS))
    if (recent.some((taken) => taken.length >= AT_ONCE)) {
      const before = this.#waiting.get(revision.topic.key)
      if (before === undefined || revision.rev >= before.rev) this.#waiting.set(revision.topic.key, revision)
      return true
    }
    for (const [index, kid] of kids.entries()) this.#taken.set(kid, [...(recent[index] ?? []), now])
    return false
  }

  takeWaiting(): readonly Waiting<Topic>[] {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    return waiting
  }
}
