import type { DocumentKey, RevisedDocument } from '../core/documents.ts'
import { LoaError, messageOf } from '../core/error.ts'
import { areaOf, obeyedAreas, type Standing } from '../core/place.ts'
import type { KeySet } from '../core/trust/key-set.ts'
import { demandOf } from '../core/trust/scope.ts'
import { isStillGranted } from '../core/trust/signers.ts'
import type { Cryptography } from '../ports/crypto.ts'
import type { DocumentCodec } from '../ports/document-codec.ts'
import type { Logger } from '../ports/logger.ts'
import type { DocumentStore, HeldDocument } from '../ports/state-store.ts'
import { KeySets } from './key-sets.ts'
import { type RootKey, rootKeyOf, weighSignatures } from './signatures.ts'

export type DocumentsInForceOptions = {
  readonly codec: DocumentCodec
  readonly crypto: Cryptography
  readonly store: DocumentStore
  readonly logger: Logger
  readonly signatures: 'required' | 'off'
  readonly rootKeys: readonly RootKey[]
  readonly threshold: number
  readonly places: { readonly standing: Standing }
}

type Kind = RevisedDocument['kind']
type InForce = { readonly held: HeldDocument; readonly document: RevisedDocument }

/** A document that no granted key signs any more, and the one that came back into force in its place. */
export type Revocation = {
  readonly key: DocumentKey
  readonly kind: Kind
  readonly held: HeldDocument
  readonly successor?: HeldDocument
}

/** The documents in force with the keys they grant; what new trust takes away goes, and what it leaves comes back. */
export class DocumentsInForce {
  readonly #options: DocumentsInForceOptions
  readonly #inForce = new Map<DocumentKey, InForce>()
  /** Every stored trust document could be read: what it does not grant is not granted. */
  readonly knowsAllTrust: boolean
  #keySets: KeySets

  /** Takes up what the store holds; a document that no longer passes the schema of this release is passed over. */
  constructor(options: DocumentsInForceOptions) {
    this.#options = options
    const { store } = options
    for (const { key } of store.held()) if (!this.#isObeyed(key)) store.drop(key)
    const stored = store.held()
    for (const held of stored) {
      const document = this.#read(held)
      if (document !== undefined) this.#inForce.set(held.key, { held, document })
    }
    this.knowsAllTrust = stored.every(({ key }) => kindOf(key) !== 'trust' || this.#inForce.has(key))
    this.#withdrawUnrooted()
    this.#keySets = this.#granted()
  }

  /** Keys that count for documents of an area; without one for those of the device itself. */
  keysFor(area?: string): KeySet {
    return this.#keySets.of(area)
  }

  get allKeys(): readonly KeySet[] {
    return this.#keySets.all.map(({ keys }) => keys)
  }

  get(key: DocumentKey): InForce | undefined {
    return this.#inForce.get(key)
  }

  get all(): readonly InForce[] {
    return [...this.#inForce.values()]
  }

  ofKind<K extends Kind>(kind: K): readonly Extract<RevisedDocument, { kind: K }>[] {
    return this.all
      .map(({ document }) => document)
      .filter((document): document is Extract<RevisedDocument, { kind: K }> => document.kind === kind)
  }

  /** Nothing is written: the caller stores `held` when those whom it concerns know of it. */
  put(held: HeldDocument, document: RevisedDocument): void {
    this.#inForce.set(held.key, { held, document })
  }

  /**
   * Judges everything again by the trust in force now, dates apart. What no key signs that may sign it goes out of force;
   * the last document of its topic from a key that still may comes back.
   * @see contract, section 3, trust
   */
  judgeAgain(): readonly Revocation[] {
    const before = { keys: this.#keySets, all: this.all }
    this.#keySets = this.#granted()
    if (this.#options.signatures === 'off') return []
    this.#strikeGone(before.keys)
    return before.all
      .filter(({ held: { key } }) => !this.#isGranted(this.#inForce.get(key)))
      .map(({ held, document }) => this.#revoke(held, document.kind))
  }

  /** Takes out of force what belongs to places that were left. Returns it, trust last. */
  leave(): readonly RevisedDocument[] {
    const left = this.all.filter(({ held }) => !this.#isObeyed(held.key))
    for (const { held } of left) this.forget(held.key)
    this.#keySets = this.#granted()
    const isTrust = (document: RevisedDocument): number => Number(document.kind === 'trust')
    return left.map(({ document }) => document).toSorted((a, b) => isTrust(a) - isTrust(b))
  }

  /** Takes a document out of force without a judgement of it: its revision stays known. */
  forget(key: DocumentKey): void {
    this.#inForce.delete(key)
    this.#options.store.drop(key)
  }

  #isObeyed(key: DocumentKey): boolean {
    const area = areaOfKey(key)
    return area === undefined || obeyedAreas(this.#options.places.standing).includes(area)
  }

  #strikeGone(before: KeySets): void {
    for (const { area, keys } of before.all) {
      const now = this.#keySets.of(area)
      const gone = [...keys].filter(([kid, { x }]) => now.get(kid)?.x !== x).map(([kid]) => kid)
      this.#strike(gone, (key) => this.#keySets.of(areaOfKey(key)) === now)
    }
  }

  /** A kid that comes back later, with another key perhaps, signs anew or not at all. */
  #strike(kids: readonly string[], concerns: (key: DocumentKey) => boolean): void {
    if (kids.length === 0) return
    for (const { held, document } of this.all) {
      if (document.kind === 'trust' || !concerns(held.key)) continue
      const signers = held.signers.filter((kid) => !kids.includes(kid))
      this.#inForce.set(held.key, { held: { ...held, signers }, document })
    }
    this.#options.store.strike(kids, concerns)
  }

  #revoke(held: HeldDocument, kind: Kind): Revocation {
    const { store } = this.#options
    const { key } = held
    for (const successor of store.earlier(key)) {
      const document = this.#read(successor)
      if (document === undefined || !this.#isGranted({ held: successor, document })) continue
      this.#inForce.set(key, { held: successor, document })
      store.revoke(key, successor)
      return { key, kind, held, successor }
    }
    this.#inForce.delete(key)
    store.revoke(key)
    return { key, kind, held }
  }

  #isGranted(inForce: InForce | undefined): boolean {
    if (inForce === undefined || inForce.document.kind === 'trust') return true
    const { signers, key } = inForce.held
    const demand = demandOf(inForce.document, areaOf(this.#options.places.standing.present))
    return isStillGranted(signers, this.keysFor(areaOfKey(key)), demand)
  }

  /** Trust that the root keys of the configuration no longer sign, or too few of them: the roots were changed. */
  #withdrawUnrooted(): void {
    const { signatures, store, threshold, crypto, rootKeys, codec, logger } = this.#options
    if (signatures === 'off') return
    for (const { held, document } of this.all) {
      if (document.kind !== 'trust') continue
      const judged = weighSignatures(crypto, codec.open('trust', held.message), rootKeyOf(rootKeys))
      if (judged.filter(({ verifies }) => verifies).length >= threshold) continue
      logger.warn({ document: held.key, rev: held.rev }, 'no longer signed by the root keys: withdrawn')
      this.#inForce.delete(held.key)
      store.revoke(held.key)
    }
  }

  #read({ key, message }: HeldDocument): RevisedDocument | undefined {
    const { codec, logger } = this.#options
    const kind = kindOf(key)
    try {
      return codec.parse(kind, codec.open(kind, message).payload)
    } catch (error) {
      if (!(error instanceof LoaError)) throw error
      logger.warn({ document: key, error: messageOf(error) }, 'a stored document cannot be read any more')
      return undefined
    }
  }

  #granted(): KeySets {
    return new KeySets(this.ofKind('trust'), this.#options.places.standing)
  }
}

/** Undefined for the device's own documents. */
const areaOfKey = (key: DocumentKey): string | undefined =>
  kindOf(key) === 'desired' || kindOf(key) === 'job' ? undefined : key.slice(0, key.lastIndexOf('/'))

const kindOf = (key: DocumentKey): Kind => (key.split('/').at(-1) ?? '') as Kind
