import type { RefusalCode } from '../core/codes.ts'
import type { DocumentKey, DocumentKind, RevisedDocument } from '../core/documents.ts'
import type { Envelope } from '../core/envelope.ts'
import { LoaError } from '../core/error.ts'
import { areaOf } from '../core/place.ts'
import { authorise, authoriseTrust, type Grounds, type Verdict } from '../core/trust/authorise.ts'
import type { KeySet } from '../core/trust/key-set.ts'
import { floorsOf } from '../core/trust/revision.ts'
import { demandsOf } from '../core/trust/scope.ts'
import { judgeSigners, type Refusal, refused, type Signers } from '../core/trust/signers.ts'
import type { VerifiedKey } from '../core/verify-report.ts'
import type { Clock } from '../ports/clock.ts'
import type { HeldDocument } from '../ports/state-store.ts'
import type { DocumentsInForce, DocumentsInForceOptions } from './documents-in-force.ts'
import { publisherKeyOf, rootKeyOf, weighSignatures } from './signatures.ts'
import type { TimeKeeper } from './time-keeper.ts'
import { verifySignatures } from './verify-signatures.ts'

/** A document topic: what `wire/topics` says of it. */
export type DocumentTopic = {
  readonly kind: RevisedDocument['kind']
  readonly key: DocumentKey
  readonly area: string
  /** Of a device's own topic. */
  readonly device?: string
}

export type DocumentJudgeOptions = Omit<DocumentsInForceOptions, 'logger'> & {
  readonly clock: Clock
  readonly time: Pick<TimeKeeper, 'state' | 'floor'>
}

/** A refusal with the path of the fault in the document, where there is one. */
export type Fault = Refusal & { readonly path?: string }

/** What the codec threw, as a refusal. @throws whatever else was thrown */
export const faultOf = (error: unknown): Fault => {
  if (!(error instanceof LoaError)) throw error
  const { code, message, path } = error
  return { ...refused(code as RefusalCode, message), ...(path === undefined ? {} : { path }) }
}

type Read = {
  readonly kind: 'read'
  readonly document: RevisedDocument
  /** SHA-256 of the payload bytes, hex. */
  readonly hash: string
  readonly signers: Signers
}

type Judged =
  | { readonly verdict: Exclude<Verdict, Refusal>; readonly read: Read }
  | { readonly verdict: Fault }

/** Says of a message what would become of it: envelope, signature, schema, authorisation. Changes nothing. */
export class DocumentJudge {
  readonly #options: DocumentJudgeOptions
  readonly #inForce: DocumentsInForce

  constructor(options: DocumentJudgeOptions, inForce: DocumentsInForce) {
    this.#options = options
    this.#inForce = inForce
  }

  judge(topic: DocumentTopic, message: Uint8Array): Judged {
    const read = this.#read(topic, message)
    if (read.kind === 'refused') return { verdict: read }
    const verdict = this.#authorise(topic, read)
    return verdict.kind === 'refused' ? { verdict } : { verdict, read }
  }

  /** Those that count for the device's own documents. */
  get keys(): KeySet {
    return this.#inForce.keysFor()
  }

  /** What is in force on a topic. */
  held(key: DocumentKey): HeldDocument | undefined {
    return this.#inForce.get(key)?.held
  }

  /** Each signature of a message by itself, for whoever asks why. `area`: of the message, unless it is the device's own. */
  keysOf(kind: DocumentKind, envelope: Envelope, area?: string): readonly VerifiedKey[] {
    const { codec, crypto } = this.#options
    const judged = weighSignatures(crypto, envelope, this.#keyOf(kind, area))
    if (kind === 'trust') return judged.map((each) => ({ ...each, maySign: each.known }))
    try {
      const { keys, time, deviceArea } = this.#grounds(area)
      const demands = demandsOf(codec.parse(kind, envelope.payload), deviceArea)
      return judged.map((each) => ({
        ...each,
        maySign: judgeSigners([each.kid], keys, demands, time) === undefined,
      }))
    } catch (error) {
      faultOf(error)
      return judged
    }
  }

  signersOf(kind: DocumentKind, envelope: Envelope, area?: string): Signers | Refusal {
    const { signatures, crypto } = this.#options
    if (signatures === 'off') return { kind: 'unjudged' }
    return verifySignatures(kind, envelope, this.#keyOf(kind, area), crypto)
  }

  #keyOf(kind: DocumentKind, area: string | undefined) {
    return kind === 'trust' ? rootKeyOf(this.#options.rootKeys) : publisherKeyOf(this.#inForce.keysFor(area))
  }

  #read(topic: DocumentTopic, message: Uint8Array): Read | Fault {
    const { codec, crypto } = this.#options
    const { kind } = topic
    try {
      const envelope = codec.open(kind, message)
      const signers = this.signersOf(kind, envelope, ownArea(topic))
      if (signers.kind === 'refused') return signers
      const document = codec.parse(kind, envelope.payload)
      return { kind: 'read', document, hash: crypto.sha256Hex(envelope.payload), signers }
    } catch (error) {
      return faultOf(error)
    }
  }

  #authorise(topic: DocumentTopic, { document, hash, signers }: Read): Verdict {
    const place =
      topic.device === undefined
        ? { key: topic.key, area: topic.area }
        : { key: topic.key, device: topic.device }
    const grounds = this.#grounds(ownArea(topic))
    if (document.kind === 'trust')
      return authoriseTrust({ document, place, hash, signers }, this.#options.threshold, grounds)
    return authorise({ document, place, hash, signers }, grounds)
  }

  #grounds(area: string | undefined): Grounds {
    const { clock, time, places, store } = this.#options
    const floors = new Map(this.#inForce.ofKind('fresh').flatMap((fresh) => floorsOf(fresh)))
    return {
      keys: this.#inForce.keysFor(area),
      deviceArea: areaOf(places.standing.present),
      time: { now: clock.wall(), floor: time.floor, unset: time.state === 'unset' },
      held: (key) => this.#inForce.get(key)?.held,
      // What was lost with its database, or is held at an older revision by a restored copy of it, still binds.
      floor: (key) => {
        const known = [store.highestRev(key), floors.get(key)].filter((rev) => rev !== undefined)
        return known.length === 0 ? undefined : Math.max(...known)
      },
    }
  }
}

/** Undefined for a topic of the device itself. */
const ownArea = ({ area, device }: DocumentTopic): string | undefined =>
  device === undefined ? area : undefined
