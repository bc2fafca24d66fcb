import type { Code } from '../../core/codes.ts'
import { LoaError } from '../../core/error.ts'
import { isoUtc } from '../../core/time.ts'
import type { ReplyMessage } from '../../core/upstream.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { MessageBus } from '../../ports/message-bus.ts'
import { TokenBucket } from '../token-bucket.ts'

export type RepliesOptions = {
  readonly bus: Pick<MessageBus, 'connected' | 'publish'>
  readonly clock: Clock
  readonly logger: Logger
  /** `up/reply` of this device: a response topic that a message names is not looked at. */
  readonly topic: string
  /** A fault of the replies themselves. */
  readonly onFailure: (error: unknown) => void
}

export type ReplyRest = { readonly code?: Code; readonly data?: Readonly<Record<string, unknown>> }

const KEPT = 64
const EXPIRY_SECONDS = 300
const REJECTED = { atOnce: 5, everyMs: 1000 }

/** Answers to commands on the device's own topic, in order; those that do not get through wait for the next connection. */
export class Replies {
  readonly #options: RepliesOptions
  readonly #rejections: TokenBucket
  readonly #queue: ReplyMessage[] = []
  #connection = 0
  #sending = false

  constructor(options: RepliesOptions) {
    this.#options = options
    this.#rejections = new TokenBucket(options.clock, REJECTED.atOnce, REJECTED.everyMs)
  }

  say(id: string, status: ReplyMessage['status'], rest: ReplyRest = {}): void {
    this.#queue.push({ v: 1, id, status, ...rest, at: isoUtc(this.#options.clock.wall()) })
    if (this.#queue.length > KEPT) this.#queue.shift()
    this.#send().catch(this.#options.onFailure)
  }

  /** A copy of a recorded command can be sent by anybody: five at once are answered so, then one a second. */
  reject(id: string, code: Code, data: NonNullable<ReplyRest['data']>): void {
    if (this.#rejections.take()) this.say(id, 'rejected', { code, data })
  }

  /** The connection is back. */
  reconnected(): void {
    this.#connection += 1
    this.#send().catch(this.#options.onFailure)
  }

  async #send(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      for (
        let next = this.#queue[0];
        next !== undefined && this.#options.bus.connected;
        next = this.#queue[0]
      )
        if (await this.#isDone(next)) this.#queue.splice(0, this.#queue[0] === next ? 1 : 0)
    } finally {
      this.#sending = false
    }
  }

  /** False when it is to be sent again over the next connection. */
  async #isDone(reply: ReplyMessage): Promise<boolean> {
    const { bus, topic, logger } = this.#options
    const connection = this.#connection
    try {
      await bus.publish(topic, JSON.stringify(reply), {
        qos: 1,
        retain: false,
        expirySeconds: EXPIRY_SECONDS,
      })
      return true
    } catch (error) {
      if (!(error instanceof LoaError && error.code === 'BROKER')) throw error
      logger.debug({ id: reply.id, error: error.message }, 'a reply was not taken')
      // What a broker refuses while the connection lives it would refuse again.
      return bus.connected && this.#connection === connection
    }
  }
}
