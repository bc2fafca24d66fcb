import type { AlertDocument, DesiredDocument, DocumentKey, RevisedDocument } from '../core/documents.ts'
import { obeyedAreas } from '../core/place.ts'
import { epochMs } from '../core/time.ts'
import { isDeferrable, type Verdict } from '../core/trust/authorise.ts'
import type { KeySet } from '../core/trust/key-set.ts'
import type { Refusal } from '../core/trust/signers.ts'
import type { HeldDocument } from '../ports/state-store.ts'
import { AlertPace } from './alert-pace.ts'
import { claims } from './claims.ts'
import { DeferredDocuments } from './deferred-documents.ts'
import { DocumentJudge, type DocumentJudgeOptions, type DocumentTopic, type Fault } from './document-judge.ts'
import { DocumentsInForce, type DocumentsInForceOptions, type Revocation } from './documents-in-force.ts'
import type { Refusals } from './refusals.ts'
import type { TimeKeeper } from './time-keeper.ts'
import { TimeWatch } from './time-watch.ts'

export type { DocumentTopic } from './document-judge.ts'

export type DocumentIntakeOptions = DocumentsInForceOptions &
  DocumentJudgeOptions & {
    readonly time: TimeKeeper
    readonly refusals: Refusals
    /** A document came into force, or went out of it. Called before anything is written to disk. */
    readonly onChange: (kind: RevisedDocument['kind'], key: DocumentKey) => void
  }

const isOfAnotherProvince = (key: DocumentKey): boolean => key.endsWith('/desired')

/** Whether a revision of an alert has to keep the pace, or has waited for its turn. */
type Pace = 'paced' | 'its turn'
type Waits = { readonly kind: 'waits' }

/** Brings documents into force and takes them out of it. */
export class DocumentIntake {
  readonly #options: DocumentIntakeOptions
  readonly #inForce: DocumentsInForce
  readonly judge: DocumentJudge
  readonly #deferred = new DeferredDocuments<DocumentTopic>()
  readonly #pace = new AlertPace<DocumentTopic>()
  readonly #timeWatch: TimeWatch

  constructor(options: DocumentIntakeOptions) {
    this.#options = options
    this.#inForce = new DocumentsInForce(options)
    this.judge = new DocumentJudge(options, this.#inForce)
    this.#timeWatch = new TimeWatch(options.clock, options.time)
    for (const { held, document } of this.#inForce.all) this.#witness(held, document)
    // Roots that were changed, or a crash between new trust and what it takes away.
    if (this.#inForce.knowsAllTrust)
      for (const revocation of this.#inForce.judgeAgain()) this.#tell(revocation)
  }

  /** Documents of a kind in force. */
  inForce<K extends RevisedDocument['kind']>(kind: K): readonly Extract<RevisedDocument, { kind: K }>[] {
    return this.#inForce.ofKind(kind)
  }

  /** Revisions held, by document key. */
  get revisions(): Readonly<Record<DocumentKey, number>> {
    const own = this.#inForce.all.filter(({ held }) => !isOfAnotherProvince(held.key))
    return Object.fromEntries(own.map(({ held }) => [held.key, held.rev]))
  }

  /** What the trust documents of where the device stands grant. */
  get keys(): KeySet {
    return this.#inForce.keysFor()
  }

  /** Every key that counts for something, former places included. */
  get allKeys(): readonly KeySet[] {
    return this.#inForce.allKeys
  }

  /** The configuration that the province asks for; until the present one has asked for any, that of the former one. */
  get desired(): DesiredDocument | undefined {
    return this.ownDesired ?? this.#inForce.ofKind('desired').at(-1)
  }

  /** The province whose `desired` that is; undefined for the present one. */
  get desiredFrom(): string | undefined {
    if (this.ownDesired !== undefined) return undefined
    return this.#inForce.all.findLast(({ held }) => isOfAnotherProvince(held.key))?.held.key.slice(0, 2)
  }

  /** What came on this device's own topic in the present province. */
  get ownDesired(): DesiredDocument | undefined {
    const document = this.#inForce.get('desired')?.document
    return document?.kind === 'desired' ? document : undefined
  }

  /** Places were left: what is of them only is no longer in force. */
  leavePlaces(): void {
    for (const { kind, area } of this.#deferred.all.map(({ topic }) => topic))
      if (!this.#obeys(area)) this.#deferred.settle(`${area}/${kind}`)
    for (const document of this.#inForce.leave()) {
      const key = `${'area' in document ? document.area : document.device}/${document.kind}`
      this.#options.logger.info({ document: key, rev: document.rev }, 'its place was left: out of force')
      this.#options.onChange(document.kind, key)
    }
  }

  #obeys(area: string): boolean {
    return obeyedAreas(this.#options.places.standing).includes(area)
  }

  get holdsAllTrust(): boolean {
    return this.inForce('trust').length === obeyedAreas(this.#options.places.standing).length
  }

  receive(topic: DocumentTopic, message: Uint8Array): void {
    // An empty retained payload clears the broker's copy; it is never a cancellation (T10).
    if (message.length === 0) return
    this.#handle(topic, message, 'paced')
  }

  #handle(topic: DocumentTopic, message: Uint8Array, pace: Pace): void {
    // Still subscribed for a while after its place was left.
    if (!this.#obeys(topic.area)) return
    const outcome = this.#take(topic, message, pace)
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
      if (rev > (this.#inForce.get(topic.key)?.held.rev ?? 0)) this.#handle(topic, message, 'its turn')
    if (this.#timeWatch.changed(this.allKeys)) this.#judgeDeferred()
    for (const { topic, message, refused } of this.#deferred.takeStanding(this.#options.clock.mono()))
      this.#refuse(topic, message, refused)
  }

  #judgeDeferred(): void {
    for (const deferred of this.#deferred.all) {
      // What judges another may let in a trust document, which judges all again.
      if (!this.#deferred.holds(deferred)) continue
      const { topic, message } = deferred
      const outcome = this.#take(topic, message, 'paced')
      if (outcome.kind === 'refused' && isDeferrable(outcome.code)) {
        this.#deferred.keep(topic, message, outcome, this.#options.clock.mono())
        continue
      }
      this.#deferred.settle(topic.key)
      if (outcome.kind === 'refused') this.#refuse(topic, message, outcome)
    }
  }

  #take(topic: DocumentTopic, message: Uint8Array, pace: Pace): Exclude<Verdict, Refusal> | Waits | Fault {
    const judged = this.judge.judge(topic, message)
    if (!('read' in judged)) return judged.verdict
    const { verdict, read } = judged
    const { document, signers } = read
    const paced = verdict.kind === 'accepted' && document.kind === 'alert' && pace === 'paced'
    const now = this.#options.clock.mono()
    if (paced && this.#pace.mustWait({ topic, message, rev: document.rev }, signers, now))
      return { kind: 'waits' }
    const kids = signers.kind === 'kids' ? signers.kids : []
    if (verdict.kind === 'accepted') this.#accept(topic, document, { hash: read.hash, kids, message })
    if (verdict.kind === 'signer') this.#countSigners(topic.key, kids)
    return verdict
  }

  #accept(
    { key }: DocumentTopic,
    document: RevisedDocument,
    came: { readonly hash: string; readonly kids: readonly string[]; readonly message: Uint8Array },
  ): void {
    const { clock, store, refusals, logger, onChange } = this.#options
    const { hash, kids, message } = came
    const held = { key, rev: document.rev, hash, signers: kids, message, acceptedAt: clock.wall() }
    this.#inForce.put(held, document)
    this.#witness(held, document)
    refusals.settled(key)
    logger.info({ document: key, rev: document.rev }, 'document in force')
    if (document.kind === 'alert') this.#tellOfCap(key, document)
    if (document.kind === 'trust') this.#newTrust()
    if (document.kind === 'desired') this.#succeed()
    onChange(document.kind, key)
    store.hold(held)
  }

  /** The present province asked for a configuration: that of a former one has had its time. */
  #succeed(): void {
    for (const { held } of this.#inForce.all)
      if (isOfAnotherProvince(held.key)) this.#inForce.forget(held.key)
  }

  /** One event a document, however many of its alerts bring such a text. */
  #tellOfCap(document: DocumentKey, { alerts, rev }: AlertDocument): void {
    const at = alerts.findIndex(({ cap }) => cap === '')
    if (at < 0) return
    const message = 'nothing in it can be read: the alert holds without it'
    this.#options.refusals.passedOver({ document, rev, code: 'INVALID', path: `alerts.${at}.cap`, message })
  }

  /** The document that is held came again from a further key. */
  #countSigners(key: DocumentKey, kids: readonly string[]): void {
    const before = this.#inForce.get(key)
    if (before === undefined) return
    const held = { ...before.held, signers: [...new Set([...before.held.signers, ...kids])] }
    this.#inForce.put(held, before.document)
    this.#options.refusals.settled(key)
    this.#options.store.hold(held)
  }

  /** New trust: what no granted key signed goes out of force, what was refused for want of a key is judged again. */
  #newTrust(): void {
    for (const revocation of this.#inForce.judgeAgain()) {
      this.#tell(revocation)
      this.#options.onChange(revocation.kind, revocation.key)
    }
    this.#judgeDeferred()
  }

  /** The `iat` of what a key signed: time is not before it. */
  #witness({ signers }: HeldDocument, { iat }: RevisedDocument): void {
    if (signers.length > 0) this.#options.time.witness(epochMs(Date.parse(iat)))
  }

  #tell({ key, held, successor }: Revocation): void {
    const kid = held.signers[0]
    const back =
      successor === undefined ? 'the topic starts anew' : `revision ${successor.rev} is in force again`
    this.#options.logger.warn({ document: key, rev: held.rev, back }, 'document revoked')
    this.#options.refusals.add({
      document: isOfAnotherProvince(key) ? 'desired' : key,
      rev: held.rev,
      ...(kid === undefined ? {} : { kid }),
      code: 'OUT_OF_SCOPE',
      message: `no key that signed it is granted any more: it is revoked; ${back}`,
    })
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
