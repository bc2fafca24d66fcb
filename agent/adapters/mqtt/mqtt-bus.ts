import { LoaError, messageOf } from '../../core/error.ts'
import type { MonoMs } from '../../core/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { BusHandlers, MessageBus } from '../../ports/message-bus.ts'
import { openBrokerSocket } from './broker-socket.ts'
import { Connection, type Will } from './connection.ts'
import { type BrokerAccount, readPassword } from './credentials.ts'

export type MqttBusOptions = {
  /** Tried in turn, beginning with the one that was connected last. */
  readonly urls: readonly [string, ...string[]]
  readonly account: BrokerAccount
  /** Asked for at each try: other files for certificate and key than the account names. */
  readonly pair?: () => Pick<BrokerAccount, 'cert' | 'key'>
  /** The will of the connection about to be made; asked for when the broker's socket is open. */
  readonly will: () => Will
  /** Milliseconds from `sinceLossMs` after the last good connection was lost to the next round of tries. */
  readonly untilNextTry: (sinceLossMs: number) => number
  /** Asked when a connection ended: another client uses our id, so that no broker is tried before the next wait. */
  readonly contested: () => boolean
  readonly keepAliveSeconds?: number
  /** How soon the broker must answer over a new way; two round trips on a slow mobile network when absent. */
  readonly proveWithinMs?: number
  readonly clock: Clock
  readonly logger: Logger
  readonly handlers: BusHandlers
}

const KEEP_ALIVE_SECONDS = 30
/** A connection that lasted longer was a good one: after it waiting begins anew. */
const GOOD_AFTER_MS = 30_000
const GOODBYE_WITHIN_MS = 1000
const PROVE_WITHIN_MS = 5000
/** A loose plug must not become a storm of tries. */
const HURRY_EVERY_MS = 10_000
/** Of a hurry later than this nothing is left: a broker that restarts must not find everybody in one. */
const HURRY_LASTS_MS = 30_000

/** `MessageBus` over one MQTT connection at a time, made anew for as long as it is not disposed. */
export class MqttBus implements MessageBus {
  readonly #options: MqttBusOptions
  readonly #stop = new AbortController()
  #connection: Connection | undefined
  #urlIndex = 0
  /** URLs of brokers that may keep a session of this process. */
  readonly #resumable = new Set<string>()
  /** Why each URL failed last, so that a fault that lasts is told once. */
  readonly #faults = new Map<string, string>()
  #loop: Promise<void> | undefined
  /** Ends the wait for the next try. */
  #hurry = new AbortController()
  #hurriedAt = Number.NEGATIVE_INFINITY

  constructor(options: MqttBusOptions) {
    this.#options = options
  }

  get connected(): boolean {
    return this.#connection !== undefined
  }

  /** Starts connecting; never gives up until disposed. */
  start(): void {
    this.#loop = this.#run()
  }

  async publish(...message: Parameters<MessageBus['publish']>): Promise<void> {
    await this.#live().publish(...message)
  }

  async subscribe(topics: readonly string[], retained: 'send' | 'if-new'): Promise<readonly string[]> {
    return await this.#live().subscribe(topics, retained)
  }

  /** This device reaches out another way now: a connection has to show that it lives, and who waits tries at once. */
  newWay(): void {
    const { clock, contested, proveWithinMs = PROVE_WITHIN_MS } = this.#options
    const now = clock.mono()
    this.#connection?.prove(proveWithinMs)
    if (now - this.#hurriedAt < HURRY_EVERY_MS || contested()) return
    this.#hurriedAt = now
    this.#hurry.abort()
  }

  /** Takes leave of the broker and comes back at once, as another account may show another certificate. */
  reconnect(): void {
    this.#hurriedAt = this.#options.clock.mono()
    this.#hurry.abort()
    void this.#connection?.end(GOODBYE_WITHIN_MS)
  }

  /** Says goodbye to the broker, so that the will is not sent; within a second. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#connection?.end(GOODBYE_WITHIN_MS)
    await this.#loop
  }

  #live(): Connection {
    if (this.#connection === undefined) throw new LoaError('BROKER', 'no broker is connected')
    return this.#connection
  }

  async #run(): Promise<void> {
    const { clock, untilNextTry } = this.#options
    const { signal } = this.#stop
    let lostAt = clock.mono()
    while (!signal.aborted) {
      lostAt = (await this.#tryEach()) ?? lostAt
      await this.#rest(untilNextTry(clock.mono() - lostAt))
    }
  }

  async #rest(ms: number): Promise<void> {
    const { clock } = this.#options
    if (clock.mono() - this.#hurriedAt > HURRY_LASTS_MS) this.#hurry = new AbortController()
    const { signal } = this.#hurry
    await clock.sleep(ms, AbortSignal.any([this.#stop.signal, signal])).catch(() => undefined)
    if (signal.aborted) this.#hurry = new AbortController()
  }

  /**
   * One round over the URLs. Resolves when all failed or our id is contested, or with the moment at which a good
   * connection was lost.
   */
  async #tryEach(): Promise<MonoMs | undefined> {
    const { urls, clock } = this.#options
    for (const _each of urls) {
      if (this.#stop.signal.aborted) return undefined
      const url = urls[this.#urlIndex] ?? urls[0]
      const outcome = await this.#connectOnce(url)
      if (outcome === 'good') return clock.mono()
      if (outcome === 'contested') return undefined
      this.#urlIndex = (this.#urlIndex + 1) % urls.length
    }
    return undefined
  }

  /** Resolves when the connection, or the attempt, is over. */
  async #connectOnce(url: string): Promise<'good' | 'short' | 'contested'> {
    const { will, handlers, clock, logger, contested } = this.#options
    const { keepAliveSeconds = KEEP_ALIVE_SECONDS } = this.#options
    const { signal } = this.#stop
    const account = { ...this.#options.account, ...this.#options.pair?.() }
    try {
      const password = await readPassword(account)
      const socket = await openBrokerSocket(url, account, signal)
      const connection = new Connection({
        socket,
        account,
        password,
        cleanStart: !this.#resumable.has(url),
        keepAliveSeconds,
        will: will(),
        onMessage: handlers.onMessage,
        onOversize: (topic, bytes) => {
          // A resumed session would be sent the same message again, subscribed or not, by any broker that has it.
          this.#resumable.clear()
          handlers.onOversize(topic, bytes)
        },
      })
      const { resumed } = await connection.open(signal)
      if (signal.aborted) {
        await connection.end(GOODBYE_WITHIN_MS)
        return 'short'
      }
      const begun = clock.mono()
      this.#connection = connection
      this.#resumable.add(url)
      this.#faults.delete(url)
      handlers.onConnect({ resumed, url })
      const { reason, ending } = await connection.ended
      this.#connection = undefined
      logger.warn({ url, reason }, 'the connection to the broker ended')
      handlers.onDisconnect(reason, ending)
      // Twins with one id would throw each other out for ever: there waiting must not begin anew.
      if (contested()) return 'contested'
      return clock.mono() - begun > GOOD_AFTER_MS ? 'good' : 'short'
    } catch (error) {
      this.#failed(url, error)
      return 'short'
    }
  }

  #failed(url: string, error: unknown): void {
    const { logger, handlers } = this.#options
    const reason = messageOf(error)
    if (this.#stop.signal.aborted) return
    handlers.onUnreachable(url, reason)
    if (this.#faults.get(url) === reason) logger.debug({ url, reason }, 'the broker still cannot be reached')
    else logger.warn({ url, reason }, 'the broker cannot be reached')
    this.#faults.set(url, reason)
  }
}
