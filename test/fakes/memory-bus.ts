import { LoaError } from '../../agent/core/error.ts'
import type { Ending } from '../../agent/core/takeover.ts'
import type { BusHandlers, MessageBus } from '../../agent/ports/message-bus.ts'

type Message = {
  readonly topic: string
  readonly payload: string
  readonly qos: 0 | 1
  readonly retain: boolean
}
type Listener = (topic: string, payload: string, retained: boolean) => void

/** A broker without a network: retained messages, exact topics. */
export class MemoryBroker {
  readonly url = 'memory:'
  readonly retained = new Map<string, string>()
  /** Everything that was published, by anyone. */
  readonly published: Message[] = []
  /** Topics whose subscription is refused. */
  readonly refused = new Set<string>()
  readonly listeners = new Set<Listener>()

  publish(
    topic: string,
    payload: string,
    options: { readonly qos?: 0 | 1; readonly retain?: boolean } = {},
  ): void {
    const { qos = 1, retain = false } = options
    this.published.push({ topic, payload, qos, retain })
    if (retain && payload === '') this.retained.delete(topic)
    else if (retain) this.retained.set(topic, payload)
    for (const listener of this.listeners) listener(topic, payload, false)
  }

  /** Payloads published on a topic so far, oldest first. */
  on(topic: string): readonly string[] {
    return this.published.filter((message) => message.topic === topic).map(({ payload }) => payload)
  }
}

type MemoryBusOptions = {
  readonly broker: MemoryBroker
  readonly handlers: BusHandlers
  readonly will?: () => { readonly topic: string; readonly payload: string }
  /** The broker keeps the session over a loss (protocol 5). */
  readonly keepsSession?: boolean
}

/** `MessageBus` over a broker in memory; tests connect it, cut it and let it hang. */
export class MemoryBus implements MessageBus {
  connected = false
  /** Asked for so far: topics and how. */
  readonly subscriptions: { readonly topics: readonly string[]; readonly retained: 'send' | 'if-new' }[] = []
  /** While true no answer of the broker arrives. */
  hangs = false
  /** Topics that the broker does not let us publish on. */
  readonly forbidden = new Set<string>()
  readonly #options: MemoryBusOptions
  #topics = new Set<string>()
  #will: { readonly topic: string; readonly payload: string } | undefined
  #met = false
  readonly #waiting = new Set<(error: LoaError) => void>()
  readonly #listen: Listener = (topic, payload, retained) => {
    if (this.#topics.has(topic))
      this.#options.handlers.onMessage({ topic, payload: Buffer.from(payload), retained })
  }

  constructor(options: MemoryBusOptions) {
    this.#options = options
  }

  connect(): void {
    const { broker, handlers, will, keepsSession = false } = this.#options
    const resumed = keepsSession && this.#met
    if (!resumed) this.#topics = new Set()
    this.#will = will?.()
    this.#met = true
    this.connected = true
    broker.listeners.add(this.#listen)
    handlers.onConnect({ resumed, url: broker.url })
  }

  /** Cuts the connection: the broker sends the will. */
  cut(reason = 'cut', ending: Ending = 'lost'): void {
    const will = this.#will
    this.#end(reason, ending)
    if (will !== undefined) this.#options.broker.publish(will.topic, will.payload, { retain: true })
  }

  /** The broker announces a packet on `topic` that is too large. */
  oversize(topic: string, bytes: number): void {
    this.#met = false
    this.#options.handlers.onOversize(topic, bytes)
    this.cut('oversize')
  }

  async publish(...[topic, payload, options]: Parameters<MessageBus['publish']>): Promise<void> {
    await this.#answer()
    if (this.forbidden.has(topic)) throw new LoaError('BROKER', 'not authorized')
    this.#options.broker.publish(topic, payload, options)
  }

  async subscribe(topics: readonly string[], retained: 'send' | 'if-new'): Promise<readonly string[]> {
    await this.#answer()
    const { broker, handlers } = this.#options
    this.subscriptions.push({ topics, retained })
    const granted = topics.filter((topic) => !broker.refused.has(topic))
    for (const topic of granted) {
      const isNew = !this.#topics.has(topic)
      this.#topics.add(topic)
      const payload = broker.retained.get(topic)
      if (payload !== undefined && (isNew || retained === 'send'))
        setImmediate(() => handlers.onMessage({ topic, payload: Buffer.from(payload), retained: true }))
    }
    return topics.filter((topic) => broker.refused.has(topic))
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (this.connected) this.#end('disposed', 'lost')
    return Promise.resolve()
  }

  #end(reason: string, ending: Ending): void {
    this.connected = false
    this.#will = undefined
    this.#options.broker.listeners.delete(this.#listen)
    for (const reject of this.#waiting) reject(new LoaError('BROKER', reason))
    this.#waiting.clear()
    this.#options.handlers.onDisconnect(reason, ending)
  }

  async #answer(): Promise<void> {
    if (!this.connected) throw new LoaError('BROKER', 'no broker is connected')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.add(reject)
    if (!this.hangs) setImmediate(resolve)
    await promise
    this.#waiting.delete(reject)
  }
}
