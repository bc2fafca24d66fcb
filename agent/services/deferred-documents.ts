import type { DocumentKey } from '../core/documents.ts'
import type { MonoMs } from '../core/time.ts'
import type { Refusal } from '../core/trust/signers.ts'

type Deferred<Topic> = {
  readonly topic: Topic
  readonly message: Uint8Array
  readonly refused: Refusal
  /** Since when the topic has been waiting with one refused document or another. */
  readonly since: MonoMs
  /** The refusal has been reported. */
  readonly told: boolean
}

/** Refused for want of trust or time, a document is reported only when that stands this long. */
const STANDING_MS = 30_000

/** The newest document of each topic that later trust or a later time may let in. */
export class DeferredDocuments<Topic extends { readonly key: DocumentKey }> {
  readonly #byTopic = new Map<DocumentKey, Deferred<Topic>>()

  /** The same message again changes nothing of when its refusal is reported. */
  keep(topic: Topic, message: Uint8Array, refused: Refusal, now: MonoMs): void {
    const before = this.#byTopic.get(topic.key)
    const again = before !== undefined && isSame(before.message, message)
    const since = before !== undefined && (again || !before.told) ? before.since : now
    this.#byTopic.set(topic.key, { topic, message, refused, since, told: again && before.told })
  }

  settle(key: DocumentKey): void {
    this.#byTopic.delete(key)
  }

  holds(deferred: Deferred<Topic>): boolean {
    return this.#byTopic.get(deferred.topic.key)?.message === deferred.message
  }

  get all(): readonly Deferred<Topic>[] {
    return [...this.#byTopic.values()]
  }

  /** Those whose refusal has stood long enough to be reported; each once. */
  takeStanding(now: MonoMs): readonly Deferred<Topic>[] {
    const standing = this.all.filter(({ told, since }) => !told && now - since >= STANDING_MS)
    for (const each of standing) this.#byTopic.set(each.topic.key, { ...each, told: true })
    return standing
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])
