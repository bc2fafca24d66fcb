import type { IClientSubscribeOptions, IConnackPacket, IPublishPacket, MqttClient } from 'mqtt'
import { LoaError, messageOf } from '../../core/error.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { BusHandlers, MessageBus } from '../../ports/message-bus.ts'
import { type BrokerAccount, createConnection } from './connection.ts'

export type MqttBusOptions = {
  readonly urls: readonly [string, ...string[]]
  readonly account: BrokerAccount
  /** The will of the connection about to be made. */
  readonly will: () => { readonly topic: string; readonly payload: string; readonly delaySeconds: number }
  /** Milliseconds to wait before attempt `attempt` (0 after a connection was lost, then rising). */
  readonly delayMs: (attempt: number) => number
  readonly clock: Clock
  readonly logger: Logger
  readonly handlers: BusHandlers
}

const STABLE_AFTER_MS = 30_000

/** `MessageBus` over one MQTT connection at a time, made anew for as long as it is not disposed. */
export class MqttBus implements MessageBus {
  readonly #options: MqttBusOptions
  readonly #stop = new AbortController()
  #client: MqttClient | undefined
  #connected = false
  #urlIndex = 0
  /** Whether the broker may keep a session worth resuming. */
  #resumable = false
  #loop: Promise<void> | undefined

  constructor(options: MqttBusOptions) {
    this.#options = options
  }

  get connected(): boolean {
    return this.#connected
  }

  /** Starts connecting; never gives up until disposed. */
  start(): void {
    this.#loop = this.#run()
  }

  async publish(
    topic: string,
    payload: string,
    options: { readonly qos: 0 | 1; readonly retain: boolean; readonly expirySeconds?: number },
  ): Promise<void> {
    const client = this.#client
    if (client === undefined || !this.#connected) throw new LoaError('BROKER', 'no broker is connected')
    const expiry = this.#options.account.protocol === 5 ? options.expirySeconds : undefined
    await client.publishAsync(topic, payload, {
      qos: options.qos,
      retain: options.retain,
      ...(expiry === undefined ? {} : { properties: { messageExpiryInterval: expiry } }),
    })
  }

  async subscribe(topics: readonly string[], retained: 'send' | 'if-new'): Promise<readonly string[]> {
    const client = this.#client
    if (client === undefined || !this.#connected) throw new LoaError('BROKER', 'no broker is connected')
    const v5 = this.#options.account.protocol === 5
    const options: IClientSubscribeOptions = { qos: 1, ...(v5 ? { rh: retained === 'send' ? 0 : 1 } : {}) }
    try {
      const grants = await client.subscribeAsync([...topics], options)
      return grants.filter((grant) => grant.qos >= 128).map((grant) => grant.topic)
    } catch (error) {
      if (!this.#connected)
        throw new LoaError('BROKER', 'the connection was lost while subscribing', { cause: error })
      // The client reports a refused SUBACK as an error for the whole request.
      return topics
    }
  }

  async unsubscribe(topics: readonly string[]): Promise<void> {
    if (this.#client !== undefined && this.#connected) await this.#client.unsubscribeAsync([...topics])
  }

  /** Says goodbye to the broker, so that the will is not sent. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#client?.end(!this.#connected)
    await this.#loop
  }

  async #run(): Promise<void> {
    const { urls, delayMs, clock, logger, handlers } = this.#options
    let attempt = 0
    while (!this.#stop.signal.aborted) {
      const url = urls[this.#urlIndex % urls.length] ?? urls[0]
      const begun = clock.mono()
      const ended = await this.#connectOnce(url)
      if (this.#stop.signal.aborted) return
      logger.warn({ url, reason: ended.reason }, 'broker connection ended')
      if (ended.wasConnected) handlers.onDisconnect(ended.reason)
      const stable = ended.wasConnected && clock.mono() - begun > STABLE_AFTER_MS
      attempt = stable ? 0 : attempt + 1
      if (!stable) this.#urlIndex += 1
      await clock.sleep(delayMs(Math.ceil(attempt / urls.length)), this.#stop.signal).catch(() => undefined)
    }
  }

  /** Resolves when the connection, or the attempt, is over. */
  #connectOnce(url: string): Promise<{ readonly wasConnected: boolean; readonly reason: string }> {
    const { account, will, handlers } = this.#options
    return new Promise((resolve) => {
      let reason = 'closed'
      let wasConnected = false
      try {
        const client = createConnection({
          url,
          account,
          cleanStart: !this.#resumable,
          will: will(),
          onOversize: (topic, bytes) => {
            // A resumed session would be sent the same message again, subscribed or not.
            this.#resumable = false
            handlers.onOversize(topic, bytes)
          },
        })
        this.#client = client
        client.on('connect', (connack: IConnackPacket) => {
          wasConnected = true
          this.#connected = true
          this.#resumable = true
          handlers.onConnect({ resumed: connack.sessionPresent === true, url })
        })
        client.on('message', (topic: string, payload: Buffer, packet: IPublishPacket) =>
          handlers.onMessage({ topic, payload, retained: packet.retain }),
        )
        client.on('disconnect', (packet) => {
          reason = `the broker disconnected: reason code ${packet.reasonCode ?? 0}`
        })
        client.on('error', (error) => {
          reason = messageOf(error)
        })
        client.on('close', () => {
          this.#connected = false
          this.#client = undefined
          client.end(true)
          resolve({ wasConnected, reason })
        })
        client.connect()
      } catch (error) {
        resolve({ wasConnected, reason: messageOf(error) })
      }
    })
  }
}
