import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type IClientOptions, type IConnackPacket, type IPublishPacket, MqttClient } from 'mqtt'
import { LoaError } from '../../core/error.ts'
import type { Ending } from '../../core/takeover.ts'
import type { BusMessage } from '../../ports/message-bus.ts'
import { connectionFault, unansweredFault } from './connection-fault.ts'
import type { BrokerAccount } from './credentials.ts'
import { GuardedStream } from './guarded-stream.ts'

export type Will = { readonly topic: string; readonly payload: string; readonly delaySeconds: number }

export type ConnectionOptions = {
  readonly socket: Socket
  readonly account: BrokerAccount
  readonly password: string | undefined
  /** Protocol 5: throw away what the broker kept of an earlier session. Protocol 4 always does. */
  readonly cleanStart: boolean
  readonly keepAliveSeconds: number
  readonly will?: Will
  readonly onMessage: (message: BusMessage) => void
  readonly onOversize: (topic: string, bytes: number) => void
}

type Ended = { readonly reason: string; readonly ending: Ending }

const SESSION_EXPIRY_SECONDS = 3600
const RECEIVE_MAXIMUM = 20
const CONNACK_WITHIN_MS = 20_000
/** Long: an answer may have to wait behind large documents on a slow line. */
const ANSWER_WITHIN_MS = 90_000
const SESSION_TAKEN_OVER = 0x8e
const FIRST_FAILURE_CODE = 0x80

const brokerError = (error: unknown): LoaError =>
  new LoaError('BROKER', connectionFault(error), { cause: error })

/** The broker closed the connection while we were still writing. */
const isCut = (error: Error): boolean =>
  'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')

/**
 * Exactly one connection, from CONNECT to its end: it neither reconnects nor queues, so nothing of a dead session
 * lives on in it. Whatever waits for an answer when it ends is rejected with `BROKER`.
 */
export class Connection {
  /** Resolves when the connection, or the attempt to make it, is over. Never rejects. */
  readonly ended: Promise<Ended>
  readonly #client: MqttClient
  readonly #stream: GuardedStream
  readonly #v5: boolean
  readonly #waiting = new Set<(error: LoaError) => void>()
  readonly #secure: boolean
  #answeredConnect = false
  #over: Ended | undefined

  constructor(options: ConnectionOptions) {
    this.#v5 = options.account.protocol === 5
    this.#secure = options.socket instanceof TLSSocket
    const stream = new GuardedStream(options.socket, options.onOversize)
    this.#stream = stream
    this.#client = new MqttClient(
      () => stream,
      clientOptions(options, stream, () => this.#client.sendPing()),
    )
    this.ended = this.#watch()
    this.#client.on('message', (topic: string, payload: Buffer, packet: IPublishPacket) =>
      options.onMessage({ topic, payload, retained: packet.retain }),
    )
  }

  /** Sends CONNECT; resolves on the broker's consent. @throws BROKER with the reason when it does not come, or on abort */
  async open(signal: AbortSignal): Promise<{ readonly resumed: boolean }> {
    const giveUp = (): void => void this.#stream.destroy()
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      const connack = await this.#answered<IConnackPacket>((resolve) => {
        this.#client.once('connect', resolve)
        this.#client.connect()
      })
      this.#answeredConnect = true
      return { resumed: connack.sessionPresent }
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  /** @see MessageBus.publish */
  async publish(
    topic: string,
    payload: string,
    options: { readonly qos: 0 | 1; readonly retain: boolean; readonly expirySeconds?: number },
  ): Promise<void> {
    const { qos, retain, expirySeconds } = options
    const expires = this.#v5 && expirySeconds !== undefined
    await this.#answered<void>((resolve, reject) =>
      this.#client.publish(
        topic,
        payload,
        { qos, retain, ...(expires ? { properties: { messageExpiryInterval: expirySeconds } } : {}) },
        (error) => (error ? reject(error) : resolve()),
      ),
    )
  }

  /** @see MessageBus.subscribe */
  subscribe(topics: readonly string[], retained: 'send' | 'if-new'): Promise<readonly string[]> {
    const retainHandling = this.#v5 ? { rh: retained === 'send' ? 0 : 1 } : {}
    return this.#answered((resolve, reject) =>
      this.#client.subscribe([...topics], { qos: 1, ...retainHandling }, (error, _asked, suback) => {
        // One refused topic makes the library call the whole request an error; the packet says which.
        const codes = suback?.granted
        if (codes === undefined) reject(error ?? new Error('SUBACK without reason codes'))
        else resolve(topics.filter((_, index) => Number(codes[index]) >= FIRST_FAILURE_CODE))
      }),
    )
  }

  /** Asks for a sign of life of the broker; where nothing at all comes within `withinMs` the connection is given up. */
  prove(withinMs: number): void {
    if (!this.#answeredConnect || this.#over !== undefined) return
    const { receivedBytes } = this.#stream
    this.#client.sendPing()
    setTimeout(() => {
      if (this.#stream.receivedBytes === receivedBytes)
        this.#stream.destroy(new LoaError('BROKER', 'no answer since this device reaches out another way'))
    }, withinMs).unref()
  }

  /**
   * Waits for what is under way, then disconnects so that the will is not sent. A broker that has not answered
   * within `withinMs` is left without a word: then the will is the truth.
   */
  async end(withinMs: number): Promise<void> {
    const late = setTimeout(() => this.#stream.destroy(), withinMs)
    this.#client.end()
    await this.ended
    clearTimeout(late)
  }

  #watch(): Promise<Ended> {
    let reason: string | undefined
    let ending: Ending = 'closed'
    this.#client.on('error', (error) => {
      reason ??= this.#reasonOf(error)
      if (ending === 'closed' && !isCut(error)) ending = 'lost'
      // After a fault of the protocol the library would read on, out of step.
      this.#stream.destroy()
    })
    this.#client.on('disconnect', ({ reasonCode = 0 }) => {
      ending = reasonCode === SESSION_TAKEN_OVER ? 'taken' : 'lost'
      reason ??= `the broker disconnected with reason code 0x${reasonCode.toString(16)}`
      // Nothing more is to come, whether the broker closes the connection or forgets to.
      this.#stream.destroy()
    })
    return new Promise((resolve) => {
      this.#client.once('close', () => {
        const closed = 'the connection was closed'
        const unsaid = this.#answeredConnect ? closed : unansweredFault(this.#secure, closed)
        const ended = { reason: reason ?? unsaid, ending }
        this.#over = ended
        for (const reject of this.#waiting) reject(new LoaError('BROKER', ended.reason))
        resolve(ended)
      })
    })
  }

  #reasonOf(error: Error): string {
    const reason = connectionFault(error)
    return isCut(error) && !this.#answeredConnect ? unansweredFault(this.#secure, reason) : reason
  }

  /** The library forgets some requests when the connection ends, and none has a deadline: here every one has an end. */
  async #answered<T>(
    request: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
  ): Promise<T> {
    if (this.#over !== undefined) throw new LoaError('BROKER', this.#over.reason)
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const late = setTimeout(
      () => this.#stream.destroy(new LoaError('BROKER', 'the broker does not answer')),
      ANSWER_WITHIN_MS,
    )
    this.#waiting.add(reject)
    try {
      request(resolve, (error) => reject(brokerError(error)))
      return await promise
    } finally {
      clearTimeout(late)
      this.#waiting.delete(reject)
    }
  }
}

const willOption = ({ topic, payload, delaySeconds }: Will, v5: boolean) => ({
  topic,
  payload: Buffer.from(payload),
  qos: 1 as const,
  retain: true,
  ...(v5 ? { properties: { willDelayInterval: delaySeconds } } : {}),
})

function clientOptions(
  { account, password, cleanStart, keepAliveSeconds, will }: ConnectionOptions,
  stream: GuardedStream,
  sendPing: () => void,
): IClientOptions {
  const v5 = account.protocol === 5
  return {
    clientId: account.clientId,
    protocolVersion: account.protocol,
    clean: !v5 || cleanStart,
    keepalive: keepAliveSeconds,
    connectTimeout: CONNACK_WITHIN_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    manualConnect: true,
    // 65,536 small buffers made in advance: 8.5 MB of memory for speed that nobody here needs.
    writeCache: false,
    // The answer to a ping cannot overtake a large document on a slow line; the broker still wants to hear from us.
    timerVariant: {
      set: (tick, ms) => Number(setInterval(() => (stream.takeProgress() ? sendPing() : tick()), ms)),
      clear: (timer) => clearInterval(timer),
    },
    ...(will === undefined ? {} : { will: willOption(will, v5) }),
    // No maximumPacketSize: a broker then drops a large document without a word, while the guard can say TOO_LARGE.
    ...(v5
      ? { properties: { sessionExpiryInterval: SESSION_EXPIRY_SECONDS, receiveMaximum: RECEIVE_MAXIMUM } }
      : {}),
    ...(account.username === undefined ? {} : { username: account.username }),
    ...(password === undefined ? {} : { password }),
  }
}
