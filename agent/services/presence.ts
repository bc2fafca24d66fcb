import { isoUtc, type MonoMs } from '../core/time.ts'
import type { StateMessage } from '../core/upstream.ts'
import type { Clock } from '../ports/clock.ts'
import type { MessageBus } from '../ports/message-bus.ts'
import type { Facts } from '../ports/state-store.ts'

export type PresenceOptions = {
  readonly clock: Clock
  readonly facts: Facts
  readonly topic: string
  /** The nonce of this start of the agent. */
  readonly boot: string
  /** Version. */
  readonly agent: string
}

const CONNECTION = 'presence.connection'
const REPUBLISH_EVERY_MS = 1000
const WILL_DELAY_SECONDS = 60

/** Birth, goodbye and will on `up/state`, and their defence against whatever else is written there. */
export class Presence {
  readonly #options: PresenceOptions
  #connection: number
  #born: string | undefined
  #bornAt: MonoMs | undefined

  constructor(options: PresenceOptions) {
    this.#options = options
    this.#connection = Number(options.facts.get(CONNECTION) ?? 0)
  }

  /** The will of the next connection, which gets the next connection number. */
  nextWill(): { readonly topic: string; readonly payload: string; readonly delaySeconds: number } {
    this.#connection += 1
    this.#options.facts.set(CONNECTION, String(this.#connection))
    return { topic: this.#options.topic, payload: this.#message('lost'), delaySeconds: WILL_DELAY_SECONDS }
  }

  async announce(bus: MessageBus): Promise<void> {
    this.#born = this.#message('online')
    this.#bornAt = this.#options.clock.mono()
    await bus.publish(this.#options.topic, this.#born, { qos: 1, retain: true })
  }

  async goodbye(bus: MessageBus): Promise<void> {
    this.#born = undefined
    await bus.publish(this.#options.topic, this.#message('offline'), { qos: 1, retain: true })
  }

  /** True when what stands on our own state topic is not our birth and it is time to say so again. */
  mustRepeat(payload: Uint8Array): boolean {
    if (this.#born === undefined || this.#bornAt === undefined) return false
    if (new TextDecoder().decode(payload) === this.#born) return false
    return this.#options.clock.mono() - this.#bornAt >= REPUBLISH_EVERY_MS
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
