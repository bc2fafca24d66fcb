import { LoaError, messageOf } from '../core/error.ts'
import type { MonoMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { BusHandlers, BusMessage, MessageBus } from '../ports/message-bus.ts'
import type { DocumentIntake, DocumentTopic } from './document-intake.ts'
import type { Presence } from './presence.ts'
import type { Refusals } from './refusals.ts'
import type { TakeoverWatch } from './takeover-watch.ts'

/** What may arrive, by topic. */
export type Incoming =
  | DocumentTopic
  | { readonly kind: 'command'; readonly key: string }
  | { readonly kind: 'acked' | 'state' }
  | { readonly kind: 'former-state'; readonly province: string }

export type SessionTopics = {
  readonly trust: readonly string[]
  readonly rest: readonly string[]
  readonly classify: (topic: string) => Incoming | undefined
}

export type SessionOptions = {
  readonly bus: MessageBus
  readonly topics: SessionTopics
  readonly clock: Clock
  readonly logger: Logger
  readonly intake: Pick<DocumentIntake, 'holdsAllTrust' | 'receive'>
  readonly presence: Presence
  readonly refusals: Pick<Refusals, 'add'>
  readonly signatures: 'required' | 'off'
  /** Subscribed and announced: retained messages and unacknowledged records may go out. */
  readonly onReady: () => void
  readonly onAcked: (payload: Uint8Array) => void
  readonly onCommand: (payload: Uint8Array) => void
  /** What is retained of this device in a province where it stood before. */
  readonly onFormerState?: (province: string, payload: Uint8Array) => void
  readonly takeover: Pick<TakeoverWatch, 'connected' | 'ended' | 'unreachable' | 'tick'>
  readonly stop: AbortSignal
}

/** Answers on the trust topics are awaited this long before the rest is subscribed. */
const TRUST_FIRST_MS = 300
/** An oversized document is not asked for again so soon, nor a topic that the broker refused. */
const LEAVE_ALONE_MS = 10 * 60_000

/** What happens on a connection: trust first, then everything else, birth, and every message to whom it concerns. */
export class BrokerSession {
  readonly #options: SessionOptions
  /** Topics that announced an oversized packet, and until when they are left alone. */
  readonly #leftAlone = new Map<string, MonoMs>()
  /** Topics that the broker refused on this connection, and when to ask again. */
  readonly #refused = new Map<string, MonoMs>()
  /** Trust topics from which nothing was heard on this connection. */
  readonly #unanswered = new Set<string>()
  #trustAnswered: () => void = () => undefined
  #connections = 0
  #url: string | undefined
  /** Brokers at which this start of the agent was announced. */
  readonly #announcedAt = new Set<string>()
  /** The broker in use may hold the birth of an earlier start. */
  #firstVisit = true
  /** Why the last try failed. */
  #fault: string | undefined
  #since: number | undefined

  constructor(options: SessionOptions) {
    this.#options = options
  }

  /** The broker in use and since when (wall time), while connected. */
  get broker(): { readonly url: string; readonly since: number } | undefined {
    return this.#url === undefined || this.#since === undefined
      ? undefined
      : { url: this.#url, since: this.#since }
  }

  /** A broker was reached since the start. */
  get wasOnline(): boolean {
    return this.#connections > 0
  }

  /** Why no broker is connected, while none is. */
  get fault(): string {
    return this.#fault ?? 'no broker is connected'
  }

  /** Topics that the broker does not let this device listen to. */
  get unsubscribed(): readonly string[] {
    return [...this.#refused.keys()]
  }

  readonly handlers: BusHandlers = {
    onConnect: ({ resumed, url }) => {
      this.#connections += 1
      this.#url = url
      this.#firstVisit = !this.#announcedAt.has(url)
      this.#fault = undefined
      this.#options.takeover.connected(url)
      this.#since = this.#options.clock.wall()
      void this.#begin(resumed, this.#connections)
    },
    onMessage: (message) => this.#receive(message),
    onDisconnect: (reason, ending) => {
      const url = this.#url ?? ''
      this.#url = undefined
      this.#since = undefined
      this.#fault = `${url}: ${reason}`
      this.#options.takeover.ended(ending)
    },
    onUnreachable: (url, reason) => {
      this.#fault = `${url}: ${reason}`
      this.#options.takeover.unreachable(url)
    },
    onOversize: (topic, bytes) => this.#leaveAlone(topic, bytes),
  }

  /** Called every second: topics that were lacking long enough are asked for again, a contested birth is repeated. */
  tick(): void {
    this.#options.takeover.tick()
    if (!this.#options.bus.connected) return
    const lacking = [...takeDue(this.#leftAlone, this.#now), ...takeDue(this.#refused, this.#now)]
    if (lacking.length > 0) void this.#guarded(() => this.#subscribe(lacking, 'send'))
    this.#defendBirth()
  }

  get #now(): MonoMs {
    return this.#options.clock.mono()
  }

  async #begin(resumed: boolean, connection: number): Promise<void> {
    const { topics, intake, presence, bus, signatures, logger, onReady } = this.#options
    const retained = connection === 1 ? 'send' : 'if-new'
    this.#refused.clear()
    this.#unanswered.clear()
    for (const topic of topics.trust) this.#unanswered.add(topic)
    await this.#guarded(async () => {
      await this.#subscribe(topics.trust, retained)
      const trustKnown = resumed || signatures === 'off' || intake.holdsAllTrust
      if (!trustKnown) await this.#awaitTrust()
      // Another connection may have come meanwhile: it has its own beginning.
      if (connection !== this.#connections) return
      await this.#subscribe(topics.rest, retained)
      logger.info({ url: this.#url, resumed }, 'subscribed')
      await this.#guarded(() => presence.announce(bus))
      if (this.#url !== undefined) this.#announcedAt.add(this.#url)
      if (connection === this.#connections && bus.connected) onReady()
    })
  }

  /** Until every trust topic has answered, but not for long: an empty topic never answers. */
  async #awaitTrust(): Promise<void> {
    const { clock, stop } = this.#options
    if (this.#unanswered.size === 0) return
    const over = new AbortController()
    this.#trustAnswered = () => over.abort()
    await clock.sleep(TRUST_FIRST_MS, AbortSignal.any([stop, over.signal])).catch(() => undefined)
  }

  async #subscribe(topics: readonly string[], retained: 'send' | 'if-new'): Promise<void> {
    const wanted = topics.filter((topic) => !this.#leftAlone.has(topic))
    if (wanted.length === 0) return
    const refused = await this.#options.bus.subscribe(wanted, retained)
    if (refused.length === 0) return
    this.#options.logger.warn({ refused }, 'the broker refused subscriptions')
    for (const topic of refused) this.#refused.set(topic, (this.#now + LEAVE_ALONE_MS) as MonoMs)
  }

  /** Whatever a message does to those it concerns, the next one is taken: one that is retained would come at every start. */
  #receive(message: BusMessage): void {
    const { topics, logger, refusals } = this.#options
    const incoming = topics.classify(message.topic)
    if (incoming === undefined) {
      logger.debug({ topic: message.topic }, 'message on a topic that is not ours')
      return
    }
    try {
      this.#handOn(incoming, message)
    } catch (error) {
      logger.error({ topic: message.topic, error: messageOf(error) }, 'a message could not be taken')
      const document = 'key' in incoming ? incoming.key : incoming.kind
      refusals.add({ document, code: 'INVALID', message: `not taken: ${messageOf(error)}` })
    }
    if (incoming.kind === 'trust') this.#answered(message.topic)
  }

  #handOn(incoming: Incoming, { payload, retained }: BusMessage): void {
    const { intake, presence, onAcked, onCommand, onFormerState } = this.#options
    switch (incoming.kind) {
      case 'acked':
        onAcked(payload)
        break
      case 'state':
        presence.heard(payload, retained && this.#firstVisit)
        this.#defendBirth()
        break
      case 'former-state':
        onFormerState?.(incoming.province, payload)
        break
      case 'command':
        onCommand(payload)
        break
      default:
        intake.receive(incoming, payload)
    }
  }

  #answered(topic: string): void {
    this.#unanswered.delete(topic)
    if (this.#unanswered.size === 0) this.#trustAnswered()
  }

  #defendBirth(): void {
    const { presence, bus } = this.#options
    if (presence.mustRepeat) void this.#guarded(() => presence.announce(bus))
  }

  #leaveAlone(topic: string, bytes: number): void {
    const { refusals, topics, logger } = this.#options
    const incoming = topics.classify(topic)
    logger.warn({ topic, bytes }, 'the broker announced an oversized packet')
    if (incoming === undefined) return
    this.#leftAlone.set(topic, (this.#now + LEAVE_ALONE_MS) as MonoMs)
    refusals.add({
      document: 'key' in incoming ? incoming.key : incoming.kind,
      code: 'TOO_LARGE',
      message: `a packet of ${bytes} bytes was announced; the topic is left alone for ten minutes`,
    })
  }

  /** What the broker does not take is not a fault of the agent: on a new connection everything begins anew. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    const { logger, stop, bus } = this.#options
    try {
      await work()
    } catch (error) {
      if (stop.aborted) return
      if (!(error instanceof LoaError && error.code === 'BROKER')) throw error
      if (bus.connected) logger.warn({ error: error.message }, 'the broker did not take it')
      else logger.debug({ error: error.message }, 'the connection was lost meanwhile')
    }
  }
}

function takeDue(topics: Map<string, MonoMs>, now: MonoMs): readonly string[] {
  const due = [...topics].filter(([, at]) => now >= at).map(([topic]) => topic)
  for (const topic of due) topics.delete(topic)
  return due
}
