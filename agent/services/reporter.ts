import { LoaError } from '../core/error.ts'
import { trimHeartbeat } from '../core/health/heartbeat.ts'
import { untilNextTurn } from '../core/health/phase.ts'
import { isoUtc } from '../core/time.ts'
import type { AboutMessage, HeartbeatMessage, ReportedMessage } from '../core/upstream.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { MessageBus } from '../ports/message-bus.ts'

export type ReporterOptions = {
  readonly bus: MessageBus
  readonly clock: Clock
  readonly logger: Logger
  readonly device: string
  readonly topics: { readonly about: string; readonly reported: string; readonly heartbeat: string }
  readonly about: AboutMessage
  readonly reported: () => Omit<ReportedMessage, 'v' | 'at'>
  readonly heartbeat: () => Omit<HeartbeatMessage, 'v' | 'at' | 'seq'>
  readonly intervalSeconds: () => number
  /** At least once a second, unless the socket to the broker is stuck. */
  readonly onTurn: () => void
}

const REPORTED_AT_MOST_EVERY_MS = 1000
/** `reported` is due within 2 s of a change; the interval of the heartbeat may change meanwhile. */
const LOOK_EVERY_MS = 500

/** Tells the province what this device is, what it holds and how it does. */
export class Reporter {
  readonly #options: ReporterOptions
  #seq = 0
  /** What the broker has on this connection. */
  #reported: string | undefined
  #reportedAt = Number.NEGATIVE_INFINITY
  #stale = false

  constructor(options: ReporterOptions) {
    this.#options = options
  }

  /** After every connection: a heartbeat and everything retained, once. What is not taken keeps nothing else back. */
  async announce(): Promise<void> {
    const { topics, about } = this.#options
    this.#reported = undefined
    this.#stale = true
    await Promise.all([
      this.#beat(),
      this.#say(topics.about, about, { qos: 1, retain: true }),
      this.#report(),
    ])
  }

  /** Something that `reported` tells of may have changed. */
  changed(): void {
    this.#stale = true
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#runHeartbeat(signal), this.#runReported(signal)])
  }

  async #runHeartbeat(signal: AbortSignal): Promise<void> {
    const { clock, onTurn } = this.#options
    let interval = this.#intervalMs
    let due = this.#nextTurn(0)
    while (await this.#sleep(Math.min(LOOK_EVERY_MS, due - clock.mono()), signal)) {
      const isDue = clock.mono() >= due
      if (isDue) await this.#beat()
      onTurn()
      if (!isDue && interval === this.#intervalMs) continue
      interval = this.#intervalMs
      due = this.#nextTurn(isDue ? interval / 2 : 0)
    }
  }

  async #runReported(signal: AbortSignal): Promise<void> {
    while (await this.#sleep(LOOK_EVERY_MS, signal)) await this.#report()
  }

  get #intervalMs(): number {
    return this.#options.intervalSeconds() * 1000
  }

  /** Monotonic time of the next turn that is not sooner than `atLeastMs`: a clock set back a little must not repeat one. */
  #nextTurn(atLeastMs: number): number {
    const { clock, device } = this.#options
    const until = untilNextTurn(device, this.#intervalMs, clock.wall())
    return clock.mono() + until + (until < atLeastMs ? this.#intervalMs : 0)
  }

  /** False when it is time to stop. */
  async #sleep(ms: number, signal: AbortSignal): Promise<boolean> {
    await this.#options.clock.sleep(Math.max(1, ms), signal).catch(() => undefined)
    return !signal.aborted
  }

  async #beat(): Promise<void> {
    const { bus, clock, topics, heartbeat, intervalSeconds } = this.#options
    if (!bus.connected) return
    this.#seq += 1
    const message = trimHeartbeat({ v: 1, seq: this.#seq, at: isoUtc(clock.wall()), ...heartbeat() })
    // A heartbeat that is late is none: the next one is due by then.
    await this.#say(topics.heartbeat, message, { qos: 0, retain: false, expirySeconds: intervalSeconds() })
  }

  async #report(): Promise<void> {
    const { bus, clock, topics, reported } = this.#options
    if (!this.#stale || !bus.connected || clock.mono() - this.#reportedAt < REPORTED_AT_MOST_EVERY_MS) return
    this.#stale = false
    const content = reported()
    const text = JSON.stringify(content)
    if (text === this.#reported) return
    this.#reported = text
    this.#reportedAt = clock.mono()
    const message = { v: 1, at: isoUtc(clock.wall()), ...content }
    if (await this.#say(topics.reported, message, { qos: 1, retain: true })) return
    // Said again at a later look, or after the next connection.
    if (this.#reported === text) this.#reported = undefined
    this.#stale = true
  }

  /** False when the broker did not take it. */
  async #say(
    topic: string,
    message: object,
    options: Parameters<MessageBus['publish']>[2],
  ): Promise<boolean> {
    const { bus, logger } = this.#options
    try {
      await bus.publish(topic, JSON.stringify(message), options)
      return true
    } catch (error) {
      if (!(error instanceof LoaError && error.code === 'BROKER')) throw error
      logger.debug({ topic, error: error.message }, 'not said')
      return false
    }
  }
}
