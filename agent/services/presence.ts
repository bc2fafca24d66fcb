import { LoaError, messageOf } from '../core/error.ts'
import { isoUtc, type MonoMs } from '../core/time.ts'
import type { StateMessage } from '../core/upstream.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { MessageBus } from '../ports/message-bus.ts'
import type { Facts } from '../ports/state-store.ts'

export type PresenceOptions = {
  readonly clock: Clock
  readonly facts: Facts
  readonly logger: Logger
  readonly topic: string
  /** The nonce of this start of the agent. */
  readonly boot: string
  /** Version. */
  readonly agent: string
  /** The birth of another agent with our id stood on our topic. */
  readonly onForeignBirth: () => void
}

const CONNECTION = 'presence.connection'
const REPEAT_AT_MOST_EVERY_MS = 1000
const WILL_DELAY_SECONDS = 60
const GOODBYE_WITHIN_MS = 1000
/** A birth is far smaller. */
const BIRTH_BYTES = 1000
const KEPT_PREDECESSORS = 16

/** The nonce of an agent that says it is online. */
function bornBoot(text: string): string | undefined {
  if (text.length > BIRTH_BYTES) return undefined
  try {
    const { state, boot }: Partial<Record<string, unknown>> = JSON.parse(text)
    return state === 'online' && typeof boot === 'string' ? boot : undefined
  } catch {
    return undefined
  }
}

/** Birth, goodbye and will on `up/state`, and their defence against whatever else is written there. */
export class Presence {
  readonly #options: PresenceOptions
  #connection: number
  #born: string | undefined
  #bornAt: MonoMs | undefined
  #cameBack = false
  /** The last thing heard on our topic was not our birth, and the birth was not said since. */
  #contested = false
  /** Nonces of earlier starts, as brokers kept them. */
  readonly #predecessors = new Set<string>()
  #leaving = false

  constructor(options: PresenceOptions) {
    this.#options = options
    this.#connection = Number(options.facts.get(CONNECTION) ?? 0)
  }

  /** The will of the next connection, which gets the next connection number. */
  nextWill(): { readonly topic: string; readonly payload: string; readonly delaySeconds: number } {
    const { facts, topic, logger } = this.#options
    this.#connection += 1
    this.#born = undefined
    this.#contested = false
    try {
      facts.set(CONNECTION, String(this.#connection))
    } catch (error) {
      // A full disk must not keep the device from its broker; the number may then be given again after a restart.
      logger.error({ error: messageOf(error) }, 'the connection number could not be stored')
    }
    return { topic, payload: this.#message('lost'), delaySeconds: WILL_DELAY_SECONDS }
  }

  /** Says that this device is online. @throws BROKER */
  async announce(bus: MessageBus): Promise<void> {
    if (this.#leaving) return
    this.#born = this.#message('online')
    this.#bornAt = this.#options.clock.mono()
    this.#contested = false
    this.#cameBack = false
    await bus.publish(this.#options.topic, this.#born, { qos: 1, retain: true })
  }

  /** What is said where this device has left for good. */
  get gone(): string {
    return this.#message('offline')
  }

  /** Says that this device is going, and nothing more afterwards. @throws BROKER also when no PUBACK comes within a second */
  async goodbye(bus: MessageBus): Promise<void> {
    this.#leaving = true
    this.#contested = false
    const { clock, topic } = this.#options
    const done = new AbortController()
    const late = clock.sleep(GOODBYE_WITHIN_MS, done.signal).then(() => {
      throw new LoaError('BROKER', 'the broker did not take the goodbye within a second')
    })
    const said = bus.publish(topic, this.#message('offline'), { qos: 1, retain: true })
    try {
      await Promise.race([said, late])
    } finally {
      done.abort()
    }
  }

  /**
   * Takes note of what stands on our own state topic. `kept`: the broker held it when this start of the agent came to
   * it first, so that an earlier start may have said it.
   */
  heard(payload: Uint8Array, kept: boolean): void {
    if (this.#leaving) return
    const text = new TextDecoder().decode(payload)
    this.#compareBirth(bornBoot(text), kept)
    if (this.#born === undefined) return
    this.#contested = text !== this.#born
    this.#cameBack ||= text === this.#born
  }

  /** Whether the birth that was said last was heard on our own topic. */
  get cameBack(): boolean {
    return this.#cameBack
  }

  #compareBirth(boot: string | undefined, kept: boolean): void {
    if (boot === undefined || boot === this.#options.boot || this.#predecessors.has(boot)) return
    if (!kept) this.#options.onForeignBirth()
    else if (this.#predecessors.size < KEPT_PREDECESSORS) this.#predecessors.add(boot)
  }

  /** True when something else than our birth stands on our topic and it is time to say the birth again. */
  get mustRepeat(): boolean {
    const since = this.#options.clock.mono() - (this.#bornAt ?? 0)
    return this.#contested && since >= REPEAT_AT_MOST_EVERY_MS
  }

  #message(state: StateMessage['state']): string {
    const { boot, agent, clock } = this.#options
    const message: StateMessage = {
      v: 1,
      state,
      boot,
      connection: this.#connection,
      agent,
      at: isoUtc(clock.wall()),
    }
    return JSON.stringify(message)
  }
}
