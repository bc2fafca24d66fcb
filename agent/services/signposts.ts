import { LoaError } from '../core/error.ts'
import type { MonoMs } from '../core/time.ts'
import type { AboutMessage } from '../core/upstream.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { MessageBus } from '../ports/message-bus.ts'

/** What stays retained of this device in another province. */
type Left = { readonly state: string; readonly about: string; readonly reported: string }

export type SignpostsOptions = {
  readonly bus: MessageBus
  readonly clock: Clock
  readonly logger: Pick<Logger, 'debug'>
  /** By province. */
  readonly left: ReadonlyMap<string, Left>
  /** The goodbye of this start of the agent. */
  readonly goodbye: () => string
  /** What this device is and where it stands now. */
  readonly about: AboutMessage
}

const REPEAT_AT_MOST_EVERY_MS = 10_000
/** A will is far smaller. */
const WILL_BYTES = 1000

const isLost = (payload: Uint8Array): boolean =>
  payload.length <= WILL_BYTES && new TextDecoder().decode(payload).includes('"state":"lost"')

/**
 * What a province sees of a device that has left it: `offline` and not `lost`, where it stands now, and no revisions that
 * would be taken for the present ones. Said as long as the overlap lasts, and in the first life after the move in any case.
 */
export class Signposts {
  readonly #options: SignpostsOptions
  #saidAt: MonoMs | undefined

  constructor(options: SignpostsOptions) {
    this.#options = options
  }

  /** After every connection. */
  async announce(): Promise<void> {
    const { about, left } = this.#options
    for (const [province, topics] of left)
      await Promise.all([
        this.#goodbye(province),
        this.#say(topics.about, JSON.stringify(about)),
        this.#say(topics.reported, ''),
      ])
  }

  /** What stands on our state topic there: the will of a connection that died on the move is not the last word. */
  async heard(province: string, payload: Uint8Array): Promise<void> {
    const now = this.#options.clock.mono()
    if (!isLost(payload) || now - (this.#saidAt ?? Number.NEGATIVE_INFINITY) < REPEAT_AT_MOST_EVERY_MS) return
    this.#saidAt = now
    await this.#goodbye(province)
  }

  async #goodbye(province: string): Promise<void> {
    const { left, goodbye } = this.#options
    const topic = left.get(province)?.state
    if (topic !== undefined) await this.#say(topic, goodbye())
  }

  async #say(topic: string, payload: string): Promise<void> {
    const { bus, logger } = this.#options
    try {
      await bus.publish(topic, payload, { qos: 1, retain: true })
    } catch (error) {
      if (!(error instanceof LoaError && error.code === 'BROKER')) throw error
      logger.debug({ topic, error: error.message }, 'not said')
    }
  }
}
