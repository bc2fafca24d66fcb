import type { JobDocument, JobOrder } from '../../core/documents.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import { CertificateTrial, type Pair } from '../../core/renewal/certificate-trial.ts'
import { type EpochMs, isoUtc } from '../../core/time.ts'
import { isOver, type KeptUpdate, type UpdateReport } from '../../core/update/progress.ts'
import type { Clock } from '../../ports/clock.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Facts } from '../../ports/state-store.ts'
import type { Condition } from '../condition.ts'
import { keepRenewal, keptRenewal } from './memory.ts'

export type RenewalParts = {
  readonly job: () => JobDocument | undefined
  readonly facts: Facts
  readonly identity: IdentityStore
  /** By which dates are judged; the floor while the time is not known. */
  readonly judgingTime: () => EpochMs
  /** An update is under way: its trial looks at the broker too. */
  readonly updating: () => boolean
  /** Leaves the broker and comes back at once. */
  readonly reconnect: () => void
  readonly clock: Clock
  readonly logger: Logger
  readonly event: Condition['event']
}

type RenewOrder = Extract<JobOrder, { op: 'renew' }>
type Ended = Extract<KeptUpdate['state'], 'refused' | 'done' | 'back'>

/** What is wrong with a certificate may change with the clock or the authority; a disk that is full is emptied one day. */
const AGAIN_MS = 60_000
const SEVERITY = { refused: 'warning', done: 'info', back: 'alarm' } as const

/**
 * A new key pair and the certificate of it, by a job `renew`: asked for on `up/job`, given by a later revision of the
 * job, tried at the broker, and kept or thrown away. The pair held before goes on connecting until the new one got in.
 */
export class Renewal {
  readonly #parts: RenewalParts
  #live: UpdateReport | undefined
  #trial: CertificateTrial | undefined
  /** Nothing is under way, not even in a file. */
  #isClear = false
  /** What was judged last, why it was not taken, and when it is judged again. */
  #judged: { readonly certificate: string; readonly fault: string; readonly untilMs: number } | undefined
  /** Nothing is asked of the disk before this. Monotonic. */
  #restUntil = Number.NEGATIVE_INFINITY

  constructor(parts: RenewalParts) {
    this.#parts = parts
  }

  /** While it is under way. */
  get report(): UpdateReport | undefined {
    return this.#live
  }

  /** For the connection that is about to be tried. */
  pair(): Pair {
    return this.#trial?.next() ?? 'held'
  }

  connected(): void {
    this.#trial?.connected(this.#parts.clock.mono())
  }

  /** No connection came about, or one ended. */
  disconnected(reason: string): void {
    this.#trial?.failed(reason, this.#parts.clock.mono())
  }

  /** Called every second. `connected`: whether a broker is. */
  tick(connected: boolean): void {
    const { clock, logger } = this.#parts
    if (clock.mono() < this.#restUntil) return
    const order = this.#order()
    try {
      if (order === undefined) this.#rest()
      else this.#take(order, connected)
    } catch (error) {
      if (!(error instanceof LoaError)) throw error
      this.#restUntil = clock.mono() + AGAIN_MS
      logger.warn({ code: error.code, reason: messageOf(error) }, 'a new key pair waits for the disk')
      const unfinished = this.#order()
      if (unfinished !== undefined) this.#show(unfinished, { state: 'waiting', waits: { for: 'disk' } })
    }
  }

  #order(): RenewOrder | undefined {
    const order = this.#parts.job()?.job
    if (order?.op !== 'renew') return undefined
    const kept = keptRenewal(this.#parts.facts)
    return kept?.id === order.id && isOver(kept) ? undefined : order
  }

  /** Nothing is ordered any more: what is under way goes. */
  #rest(): void {
    if (this.#isClear) return
    const { facts, clock } = this.#parts
    const kept = keptRenewal(facts)
    this.#discard()
    if (kept !== undefined && !isOver(kept))
      keepRenewal(facts, { id: kept.id, state: 'cancelled', at: isoUtc(clock.wall()) })
    this.#isClear = true
  }

  #discard(): void {
    this.#trial = undefined
    this.#live = undefined
    this.#judged = undefined
    this.#parts.identity.discard()
  }

  #take(order: RenewOrder, connected: boolean): void {
    const { identity, updating, facts } = this.#parts
    this.#isClear = false
    // What came of an order before is for another key.
    if (keptRenewal(facts)?.id !== order.id) {
      this.#discard()
      this.#remember(order, 'waiting')
    }
    if (!identity.hasPair) {
      const message = 'no mqtt.cert and mqtt.key in agent.yaml: the broker knows this device by a password'
      this.#end(order, 'refused', { code: 'UNSUPPORTED', message })
    } else if (updating()) this.#show(order, { state: 'waiting', waits: { for: 'update' } })
    else if (identity.hasTrial) this.#try(order, connected)
    else this.#ask(order)
  }

  #ask(order: RenewOrder): void {
    const { identity } = this.#parts
    const csr = Buffer.from(identity.request()).toString('base64url')
    const fault = order.certificate === undefined ? undefined : this.#judge(order.certificate)
    const why =
      fault === undefined ? {} : ({ code: 'INVALID', message: `the certificate: ${fault}` } as const)
    if (!identity.hasTrial)
      this.#show(order, { state: 'waiting', waits: { for: 'certificate' }, csr, ...why })
  }

  #judge(certificate: string): string | undefined {
    const { identity, judgingTime, clock, logger } = this.#parts
    const judged = this.#judged
    if (judged?.certificate === certificate && clock.mono() < judged.untilMs) return judged.fault
    const fault = identity.take(certificate, judgingTime())
    if (fault === undefined) return undefined
    if (judged?.fault !== fault) logger.warn({ fault }, 'a new certificate was not taken')
    this.#judged = { certificate, fault, untilMs: clock.mono() + AGAIN_MS }
    return fault
  }

  #try(order: RenewOrder, connected: boolean): void {
    const { identity, clock, reconnect } = this.#parts
    this.#remember(order, 'trial')
    this.#show(order, { state: 'trial' })
    if (this.#trial === undefined) {
      this.#trial = new CertificateTrial()
      if (connected) this.#trial.connected(clock.mono())
    }
    const verdict = this.#trial.look(clock.mono())
    if (verdict === 'reconnect') reconnect()
    else if (verdict === 'taken') {
      const until = identity.keep()
      this.#end(order, 'done', { message: `valid until ${until}` })
    } else if (verdict === 'refused')
      this.#end(order, 'back', { code: 'BROKER', message: this.#trial.reason })
  }

  #show(order: RenewOrder, live: Omit<UpdateReport, 'id' | 'by'>): void {
    this.#live = { id: order.id, by: 'job', ...live }
  }

  /** The flash is spared: only what is another state is written. */
  #remember(
    order: RenewOrder,
    state: KeptUpdate['state'],
    more: Pick<KeptUpdate, 'code' | 'message'> = {},
  ): void {
    const { facts, clock } = this.#parts
    const before = keptRenewal(facts)
    if (before?.id === order.id && before.state === state) return
    const kept: KeptUpdate = { id: order.id, state, ...more, at: isoUtc(clock.wall()) }
    keepRenewal(facts, kept)
  }

  #end(order: RenewOrder, state: Ended, more: Pick<KeptUpdate, 'code' | 'message'>): void {
    const { logger, event } = this.#parts
    this.#remember(order, state, more)
    const data = { state, job: order.id, ...more }
    logger[state === 'done' ? 'info' : 'warn'](data, 'the renewal of the key pair ended')
    event('CREDENTIALS', SEVERITY[state], data)
    this.#rest()
  }
}
