import type { AlertDocument, DocumentKey, RevisedDocument, TrustDocument } from '../core/documents.ts'
import { messageOf } from '../core/error.ts'
import { epochMs } from '../core/time.ts'
import {
  authorise,
  authoriseTrust,
  type Grounds,
  isDeferrable,
  type Verdict,
} from '../core/trust/authorise.ts'
import { type KeySet, keySetOf } from '../core/trust/key-set.ts'
import { floorsOf, kindOf } from '../core/trust/revision.ts'
import { demandOf } from '../core/trust/scope.ts'
import { isStillGranted, type Refusal, type Signers } from '../core/trust/signers.ts'
import type { Clock } from '../ports/clock.ts'
import type { Cryptography } from '../ports/crypto.ts'
import type { DocumentCodec } from '../ports/document-codec.ts'
import type { Logger } from '../ports/logger.ts'
import type { DocumentStore, HeldDocument } from '../ports/state-store.ts'
import { AlertPace } from './alert-pace.ts'
import { claims } from './claims.ts'
import { DeferredDocuments } from './deferred-documents.ts'
import { type DocumentReader, type Fault, readDocument } from './read-document.ts'
import type { Refusals } from './refusals.ts'
import type { TimeKeeper } from './time-keeper.ts'
import { TimeWatch } from './time-watch.ts'

/** A document topic: what `wire/topics` says of it. */
export type DocumentTopic = {
  readonly kind: RevisedDocument['kind']
  readonly key: DocumentKey
  readonly area: string
  /** Of a device's own topic. */
  readonly device?: string
}

export type DocumentIntakeOptions = {
  readonly codec: DocumentCodec
  readonly crypto: Cryptography
  readonly store: DocumentStore
  readonly clock: Clock
  readonly time: TimeKeeper
  readonly refusals: Refusals
  readonly logger: Logger
  readonly signatures: 'required' | 'off'
  readonly rootKeys: readonly { readonly kid: string; readonly x: string }[]
  readonly threshold: number
  /** `province/commune`. */
  readonly deviceArea: string
  /** A document came into force, or went out of it. Called before anything is written to disk. */
  readonly onChange: (kind: RevisedDocument['kind'], key: DocumentKey) => void
}

type InForce = { readonly held: HeldDocument; readonly document: RevisedDocument }
/** Whether a revision of an alert has to keep the pace, or has waited for its turn. */
type Pace = 'paced' | 'its turn'
type Waits = { readonly kind: 'waits' }

/** Decides which documents are in force: envelope, signature, schema, authorisation, then the store. */
export class DocumentIntake {
  readonly #options: DocumentIntakeOptions
  readonly #inForce = new Map<DocumentKey, InForce>()
  readonly #deferred = new DeferredDocuments<DocumentTopic>()
  readonly #pace = new AlertPace<DocumentTopic>()
  #keys: KeySet = new Map()
  readonly #timeWatch: TimeWatch

  /** Takes up what the store holds; a document that no longer passes the schema of this release is passed over. */
  constructor(options: DocumentIntakeOptions) {
    this.#options = options
    this.#timeWatch = new TimeWatch(options.clock, options.time)
    for (const held of options.store.held()) {
      const kind = kindOf(held.key)
      try {
        const { payload } = options.codec.open(kind, held.message)
        this.#inForce.set(held.key, { held, document: options.codec.parse(kind, payload) })
      } catch (error) {
        options.logger.warn(
          { document: held.key, error: messageOf(error) },
          'a stored document cannot be read any more',
        )
      }
    }
    this.#keys = this.#keySet()
    // Accepted on the bench with signatures off: nobody can ever revoke it.
    if (options.signatures === 'required')
      for (const [key, { held }] of this.#inForce) if (held.signers.length === 0) this.#withdraw(key)
  }

  /** Documents of a kind in force. */
  inForce<K extends RevisedDocument['kind']>(kind: K): readonly Extract<RevisedDocument, { kind: K }>[] {
    return [...this.#inForce.values()]
      .map(({ document }) => document)
      .filter((document): document is Extract<RevisedDocument, { kind: K }> => document.kind === kind)
  }

  /** Revisions held, by document key. */
  get revisions(): Readonly<Record<DocumentKey, number>> {
    return Object.fromEntries([...this.#inForce].map(([key, { held }]) => [key, held.rev]))
  }

  /** Of the accepted trust documents. */
  get keys(): KeySet {
    return this.#keys
  }

  get holdsAllTrust(): boolean {
    return this.inForce('trust').length === 3
  }

  receive(topic: DocumentTopic, message: Uint8Array): void {
    // An empty retained payload clears the broker's copy; it is never a cancellation (T10).
    if (message.length === 0) return
    this.#take(topic, message, 'paced')
  }

  #take(topic: DocumentTopic, message: Uint8Array, pace: Pace): void {
    const outcome = this.#judge(topic, message, pace)
    if (outcome.kind !== 'refused') this.#deferred.settle(topic.key)
    else if (isDeferrable(outcome.code))
      this.#deferred.keep(topic, message, outcome, this.#options.clock.mono())
    else this.#refuse(topic, message, outcome)
  }

  /**
   * Called every second: judges again what was refused for want of time, when the clock changed or a key has come
   * into its dates, and reports what has stood refused. New trust judges again by itself.
   */
  tick(): void {
    // One that another key has overtaken meanwhile is no old revision: it was new when it came.
    for (const { topic, message, rev } of this.#pace.takeWaiting())
      if (rev > (this.#inForce.get(topic.key)?.held.rev ?? 0)) this.#take(topic, message, 'its turn')
    if (this.#timeWatch.changed(this.#keys)) this.#judgeAgain()
    for (const { topic, message, refused } of this.#deferred.takeStanding(this.#options.clock.mono()))
      this.#refuse(topic, message, refused)
  }

  #judgeAgain(): void {
    for (const deferred of this.#deferred.all) {
      // What judges another may let in a trust document, which judges all again.
      if (!this.#deferred.holds(deferred)) continue
      const { topic, message } = deferred
      const outcome = this.#judge(topic, message, 'paced')
      if (outcome.kind === 'refused' && isDeferrable(outcome.code)) {
        this.#deferred.keep(topic, message, outcome, this.#options.clock.mono())
        continue
      }
      this.#deferred.settle(topic.key)
      if (outcome.kind === 'refused') this.#refuse(topic, message, outcome)
    }
  }

  #judge(topic: DocumentTopic, message: Uint8Array, pace: Pace): Exclude<Verdict, Refusal> | Waits | Fault {
    const read = readDocument(topic.kind, message, this.#reader(topic.kind))
    if (read.kind === 'refused') return read
    const { document, hash, signers } = read
    const verdict = this.#authorise(topic, document, hash, signers)
    const paced = verdict.kind === 'accepted' && document.kind === 'alert' && pace === 'paced'
    if (
      paced &&
      this.#pace.mustWait({ topic, message, rev: document.rev }, signers, this.#options.clock.mono())
    )
      return { kind: 'waits' }
    if (verdict.kind === 'accepted' || verdict.kind === 'signer')
      this.#accept(topic, document, { hash, signers, message })
    return verdict
  }

  #reader(kind: RevisedDocument['kind']): DocumentReader {
    const { codec, crypto, signatures, rootKeys } = this.#options
    const keyOf = (kid: string): string | undefined =>
      kind === 'trust' ? rootKeys.find((root) => root.kid === kid)?.x : this.#keys.get(kid)?.x
    return { codec, crypto, keyOf: signatures === 'off' ? undefined : keyOf }
  }

  #authorise(topic: DocumentTopic, document: RevisedDocument, hash: string, signers: Signers): Verdict {
    const place =
      topic.device === undefined
        ? { key: topic.key, area: topic.area }
        : { key: topic.key, device: topic.device }
    const grounds = this.#grounds()
    if (document.kind === 'trust')
      return authoriseTrust({ document, place, hash, signers }, this.#options.threshold, grounds)
    return authorise({ document, place, hash, signers }, grounds)
  }

  #grounds(): Grounds {
    const { clock, time, deviceArea, store } = this.#options
    const floors = new Map(this.inForce('fresh').flatMap((fresh) => floorsOf(fresh)))
    return {
      keys: this.#keys,
      deviceArea,
      time: { now: clock.wall(), floor: time.floor, unset: time.state === 'unset' },
      held: (key) => this.#inForce.get(key)?.held,
      // A revision whose document was lost with its database still binds.
      floor: (key) => {
        const lost = this.#inForce.has(key) ? undefined : this.#options.store.highestRev(key)
        const fresh = floors.get(key)
        return lost === undefined && fresh === undefined ? undefined : Math.max(lost ?? 0, fresh ?? 0)
      },
      forgetful: store.forgetful,
    }
  }

  #accept(
    topic: DocumentTopic,
    document: RevisedDocument,
    came: { readonly hash: string; readonly signers: Signers; readonly message: Uint8Array },
  ): void {
    const { clock, store, time, refusals, logger, onChange } = this.#options
    const before = this.#inForce.get(topic.key)
    const kids = came.signers.kind === 'kids' ? came.signers.kids : []
    const same = before !== undefined && before.held.rev === document.rev && before.held.hash === came.hash
    const held: HeldDocument = {
      key: topic.key,
      rev: document.rev,
      hash: came.hash,
      signers: same ? [...new Set([...before.held.signers, ...kids])] : kids,
      message: same ? before.held.message : came.message,
      acceptedAt: same ? before.held.acceptedAt : clock.wall(),
    }
    this.#inForce.set(topic.key, { held, document })
    if (kids.length > 0) time.witness(epochMs(Date.parse(document.iat)))
    refusals.settled(topic.key)
    if (!same) {
      logger.info({ document: topic.key, rev: document.rev }, 'document in force')
      if (document.kind === 'alert') this.#tellOfCap(topic.key, document)
      if (document.kind === 'trust') this.#newTrust()
      onChange(document.kind, topic.key)
    }
    store.hold(held)
  }

  /** One event a document, however many of its alerts bring such a text. */
  #tellOfCap(document: DocumentKey, { alerts, rev }: AlertDocument): void {
    const at = alerts.findIndex(({ cap }) => cap === '')
    if (at < 0) return
    const message = 'nothing in it can be read: the alert holds without it'
    this.#options.refusals.passedOver({ document, rev, code: 'INVALID', path: `alerts.${at}.cap`, message })
  }

  /** New trust: what no granted key signed goes out of force, what was refused for want of a key is judged again. */
  #newTrust(): void {
    this.#keys = this.#keySet()
    for (const [key, { held, document }] of this.#inForce) {
      if (document.kind === 'trust' || this.#options.signatures === 'off') continue
      if (isStillGranted(held.signers, this.#keys, demandOf(document, this.#options.deviceArea))) continue
      this.#withdraw(key)
      this.#options.refusals.add({
        document: key,
        rev: held.rev,
        code: 'OUT_OF_SCOPE',
        message: 'no key that signed it is granted any more: it is revoked',
      })
      this.#options.onChange(document.kind, key)
    }
    this.#judgeAgain()
  }

  #withdraw(key: DocumentKey): void {
    this.#inForce.delete(key)
    this.#options.store.drop(key)
  }

  #keySet(): KeySet {
    return keySetOf(this.inForce('trust') satisfies readonly TrustDocument[])
  }

  #refuse(topic: DocumentTopic, message: Uint8Array, refusal: Fault): void {
    const { codec, refusals, logger } = this.#options
    const claimed = claims(codec, topic.kind, message)
    const entry = {
      document: topic.key,
      ...claimed,
      code: refusal.code,
      ...(refusal.path === undefined ? {} : { path: refusal.path }),
      message: refusal.message,
    }
    logger[refusals.isCounting(entry) ? 'debug' : 'warn'](entry, 'document refused')
    refusals.add(entry)
  }
}
