import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createCryptography } from '../../../agent/adapters/crypto/node-cryptography.ts'
import type { DocumentKind, ProgrammeClass, TrustKey } from '../../../agent/core/documents.ts'
import type { Standing } from '../../../agent/core/place.ts'
import type { EventBody } from '../../../agent/core/records.ts'
import { epochMs, isoUtc } from '../../../agent/core/time.ts'
import type { DocumentCodec } from '../../../agent/ports/document-codec.ts'
import type { StateStore } from '../../../agent/ports/state-store.ts'
import { DocumentIntake, type DocumentTopic } from '../../../agent/services/document-intake.ts'
import { ownDocuments } from '../../../agent/services/own-documents.ts'
import { Refusals } from '../../../agent/services/refusals.ts'
import { TimeKeeper } from '../../../agent/services/time-keeper.ts'
import { claimedRevision, parseDocument } from '../../../agent/wire/documents.ts'
import { openEnvelope } from '../../../agent/wire/envelope.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { MemoryStateStore } from '../../fakes/memory-state-store.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'

const encoder = new TextEncoder()
const base64url = (text: string | Uint8Array): string => Buffer.from(text).toString('base64url')

/** A signing key of the province. */
export class Signer {
  readonly kid: string
  readonly x: string
  readonly #privateKey: KeyObject

  constructor(kid: string) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    this.kid = kid
    this.x = publicKey.export({ format: 'jwk' }).x ?? ''
    this.#privateKey = privateKey
  }

  part(kind: DocumentKind, payload: string): { readonly protected: string; readonly signature: string } {
    const header = base64url(JSON.stringify({ alg: 'EdDSA', kid: this.kid, typ: `loa-${kind}+jws` }))
    const signature = sign(null, encoder.encode(`${header}.${base64url(payload)}`), this.#privateKey)
    return { protected: header, signature: base64url(signature) }
  }

  sign(kind: DocumentKind, document: object): Uint8Array {
    const payload = JSON.stringify(document)
    const part = this.part(kind, payload)
    return encoder.encode(`${part.protected}.${base64url(payload)}.${part.signature}`)
  }
}

export const topic = (kind: DocumentTopic['kind'], area = '75/26068'): DocumentTopic => ({
  kind,
  key: `${area}/${kind}`,
  area,
})

export const codecFor = (signatures: 'required' | 'off'): DocumentCodec => ({
  open: (kind, message) => openEnvelope(kind, message, { signatures }),
  parse: parseDocument,
  claimedRevision,
})

/** The desk where documents arrive, on a clock that a test moves. */
export class Desk {
  readonly clock = new ManualClock()
  store: StateStore = new MemoryStateStore(() => this.clock.wall())
  readonly root = new Signer('root-a')
  readonly otherRoot = new Signer('root-b')
  rootKeys: readonly { readonly kid: string; readonly x: string }[] = [this.root, this.otherRoot]
  readonly events: EventBody[] = []
  readonly changes: string[] = []
  standing: Standing = { present: { province: '75', commune: '26068' }, former: [] }
  readonly refusals = new Refusals(this.clock, (event) => this.events.push(event))
  synchronised = true
  time = this.#timeKeeper()
  intake = this.open()

  /** The desk over the same store, as after a restart. */
  open(signatures: 'required' | 'off' = 'required', threshold = 1): DocumentIntake {
    this.intake = new DocumentIntake({
      codec: codecFor(signatures),
      crypto: createCryptography(),
      store: ownDocuments(this.store.documents, '75', this.standing.present.province),
      clock: this.clock,
      time: this.time,
      refusals: this.refusals,
      logger: silentLogger,
      signatures,
      rootKeys: this.rootKeys,
      threshold,
      places: this,
      onChange: (_kind, key) => this.changes.push(key),
    })
    return this.intake
  }

  /** The desk after a restart with what this store remembers. */
  restart(store: StateStore): void {
    this.store = store
    this.time = this.#timeKeeper()
    this.open()
  }

  receive(kind: DocumentTopic['kind'], message: Uint8Array, area?: string): void {
    this.intake.receive(topic(kind, area), message)
  }

  /** A `fresh` of the commune. */
  fresh(rev: number, revs: object, more: { iat?: string } = {}) {
    return { kind: 'fresh', v: 1, area: '75/26068', rev, iat: this.at(0), ...more, revs }
  }

  /** Seconds from now as ISO. */
  at(seconds: number): string {
    return isoUtc(epochMs(this.clock.wall() + seconds * 1000))
  }

  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await this.clock.advance(1000)
      this.time.update()
      this.refusals.tick()
      this.intake.tick()
    }
  }

  grant(signer: Signer, more: Partial<TrustKey> = {}): TrustKey {
    return {
      kid: signer.kid,
      x: signer.x,
      tier: 'province',
      area: '75',
      kinds: ['schedule', 'alert', 'fresh', 'desired'],
      maxClass: 'emergency',
      nbf: this.at(-86_400),
      exp: this.at(86_400 * 30),
      ...more,
    }
  }

  trust(rev: number, keys: readonly TrustKey[], roots: readonly Signer[] = [this.root], area = '75'): void {
    this.receive('trust', this.trustMessage(rev, keys, roots, area), area)
  }

  trustMessage(
    rev: number,
    keys: readonly TrustKey[],
    roots: readonly Signer[] = [this.root],
    area = '75',
  ): Uint8Array {
    const payload = JSON.stringify({ kind: 'trust', v: 1, area, rev, iat: this.at(0), keys })
    const signatures = roots.map((root) => root.part('trust', payload))
    return encoder.encode(JSON.stringify({ payload: base64url(payload), signatures }))
  }

  schedule(rev: number, more: { title?: string; class?: ProgrammeClass; iat?: string; exp?: string } = {}) {
    const { title = 'news', class: programmeClass = 'normal', ...dates } = more
    const items = [
      { id: 'a', title, class: programmeClass, when: { times: ['05:00:00'] }, parts: [{ sound: 'chime' }] },
    ]
    return { kind: 'schedule', v: 1, area: '75/26068', rev, iat: this.at(0), ...dates, items }
  }

  /** Code of the newest refusal of the commune's schedule. */
  get refused(): string | undefined {
    return this.refusals.recent.find(({ document }) => document === '75/26068/schedule')?.code
  }

  get heldRev(): number | undefined {
    return this.intake.revisions['75/26068/schedule']
  }

  #timeKeeper(): TimeKeeper {
    return new TimeKeeper({
      clock: this.clock,
      quality: {
        read: () => ({ synchronised: this.synchronised, offsetMs: 0, uptimeMs: 1000, hasRtc: false }),
      },
      facts: this.store.facts,
      boardClock: 'none',
      release: epochMs(Date.UTC(2026, 10, 1)),
      kernelBootId: 'boot',
    })
  }
}
