import { LoaError, messageOf } from '../core/error.ts'
import type { MonoMs } from '../core/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { BusHandlers, BusMessage, MessageBus } from '../ports/message-bus.ts'
import type { DocumentIntake, DocumentTopic } from './document-intake.ts'
import type { Presence } from './presence.ts'
import type { Refusals } from './refusals.ts'

/** What may arrive, by topic. */
export type Incoming =
  | DocumentTopic
  | { readonly kind: 'command' | 'job'; readonly key: string }
  | { readonly kind: 'acked' | 'state' }

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
  readonly intake: DocumentIntake
  readonly presence: Presence
  readonly refusals: Refusals
  readonly signatures: 'required' | 'off'
  /** Subscribed and announced: retained messages and unacknowledged records may go out. */
  readonly onReady: () => void
  readonly onLost: () => void
  readonly onAcked: (payload: Uint8Array) => void
  readonly stop: AbortSignal
}

/** Answers on the trust topics are awaited this long before the rest is subscribed. */
const TRUST_FIRST_MS = 300
const TRUST_POLL_MS = 20
const LEAVE_ALONE_MS = 10 * 60_000

/** What happens on a connection: trust first, then everything else, birth, and every message to whom it concerns. */
export class BrokerSession {
  readonly #options: SessionOptions
  /** Topics that announced an oversized packet, and until when they are left alone. */
  readonly #leftAlone = new Map<string, MonoMs>()
  #connections = 0
  #url: string | undefined
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

  readonly handlers: BusHandlers = {
    onConnect: ({ resumed, url }) => {
      this.#connections += 1
      this.#url = url
      this.#since = this.#options.clock.wall()
      void this.#begin(resumed, this.#connections)
    },
    onMessage: (message) => this.#receive(message),
    onDisconnect: () => {
      this.#url = undefined
      this.#since = undefined
      this.#options.onLost()
    },
    onOversize: (topic, bytes) => this.#leaveAlone(topic, bytes),
  }

  /** Called every second: topics that were left alone long enough are subscribed again. */
  tick(): void {
    const { clock, bus } = this.#options
    const over = [...this.#leftAlone].filter(([, until]) => clock.mono() >= until).map(([topic]) => topic)
    for (const topic of over) this.#leftAlone.delete(topic)
    if (over.length > 0 && bus.connected) void this.#guarded(() => this.#subscribe(over, 'send'))
  }

  async #begin(resumed: boolean, connection: number): Promise<void> {
    const { topics, intake, presence, bus, signatures, logger, onReady } = this.#options
    const retained = connection === 1 ? 'send' : 'if-new'
    await this.#guarded(async () => {
      await this.#subscribe(topics.trust, retained)
      const trustKnown = resumed || signatures === 'off' || intake.holdsAllTrust
      if (!trustKnown) await this.#awaitTrust()
      await this.#subscribe(topics.rest, retained)
      await presence.announce(bus)
      logger.info({ url: this.#url, resumed }, 'subscribed')
      onReady()
    })
  }

  async #awaitTrust(): Promise<void> {
    const { clock, intake, stop } = this.#options
    const deadline = clock.mono() + TRUST_FIRST_MS
    while (!intake.holdsAllTrust && clock.mono() < deadline) await clock.sleep(TRUST_POLL_MS, stop)
  }

  async #subscribe(topics: readonly string[], retained: 'send' | 'if-new'): Promise<void> {
    const wanted = topics.filter((topic) => !this.#leftAlone.has(topic))
    if (wanted.length === 0) return
    const refused = await this.#options.bus.subscribe(wanted, retained)
    if (refused.length > 0) this.#options.logger.warn({ refused }, 'the broker refused subscriptions')
  }

  #receive({ topic, payload }: BusMessage): void {
    const { topics, intake, presence, bus, onAcked, logger } = this.#options
    const incoming = topics.classify(topic)
    if (incoming === undefined) {
      logger.debug({ topic }, 'message on a topic that is not ours')
      return
    }
    switch (incoming.kind) {
      case 'acked':
        onAcked(payload)
        break
      case 'state':
        if (presence.mustRepeat(payload)) void this.#guarded(() => presence.announce(bus))
        break
      case 'command':
      case 'job':
        break
      default:
        intake.receive(incoming, payload)
    }
  }

  #leaveAlone(topic: string, bytes: number): void {
    const { clock, refusals, topics } = this.#options
    this.#leftAlone.set(topic, (clock.mono() + LEAVE_ALONE_MS) as MonoMs)
    const incoming = topics.classify(topic)
    const document = incoming !== undefined && 'key' in incoming ? incoming.key : topic
    refusals.add({
      document,
      code: 'TOO_LARGE',
      message: `a packet of ${bytes} bytes was announced; the topic is left alone for ten minutes`,
    })
  }

  /** A connection that dies meanwhile is not a fault of the agent: the next one begins anew. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    const { logger, stop } = this.#options
    try {
      await work()
    } catch (error) {
      if (stop.aborted) return
      if (!(error instanceof LoaError && error.code === 'BROKER') && this.#options.bus.connected) throw error
      logger.debug({ error: messageOf(error) }, 'the connection was lost meanwhile')
    }
  }
}
