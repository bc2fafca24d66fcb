import { messageOf } from '../core/error.ts'
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
  /** At least once a second, unless a message waits for the broker. */
  readonly onTurn: () => void
}

const REPORTED_AT_MOST_EVERY_MS = 1000
const LONGEST_SLEEP_MS = 1000

/** Tells the province what this device is, what it holds and how it does. */
export class Reporter {
  readonly #options: ReporterOptions
  #seq = 0
  #reported: string | undefined
  #reportedAt = Number.NEGATIVE_INFINITY
  #stale = false

  constructor(options: ReporterOptions) {
    this.#options = options
  }

  /** After every connection: everything retained, once. */
  async announce(): Promise<void> {
    const { bus, topics, about } = this.#options
    this.#reported = undefined
    this.#stale = true
    await bus.publish(topics.about, JSON.stringify(about), { qos: 1, retain: true })
    await this.#report()
    await this.#beat()
  }

  /** Something that `reported` tells of may have changed. */
  changed(): void {
    this.#stale = true
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, device, intervalSeconds } = this.#options
    let due = clock.mono() + untilNextTurn(device, intervalSeconds() * 1000, clock.wall())
    while (!signal.aborted) {
      await clock
        .sleep(Math.max(1, Math.min(LONGEST_SLEEP_MS, due - clock.mono())), signal)
        .catch(() => undefined)
      if (signal.aborted) return
      if (clock.mono() >= due) {
        await this.#guarded(() => this.#beat())
        due = clock.mono() + untilNextTurn(device, intervalSeconds() * 1000, clock.wall())
      }
      await this.#guarded(() => this.#report())
      this.#options.onTurn()
    }
  }

  async #beat(): Promise<void> {
    const { bus, clock, topics, heartbeat } = this.#options
    this.#seq += 1
    const message = trimHeartbeat({ v: 1, seq: this.#seq, at: isoUtc(clock.wall()), ...heartbeat() })
    await bus.publish(topics.heartbeat, JSON.stringify(message), { qos: 0, retain: false })
  }

  async #report(): Promise<void> {
    const { bus, clock, topics, reported } = this.#options
    if (!this.#stale || !bus.connected || clock.mono() - this.#reportedAt < REPORTED_AT_MOST_EVERY_MS) return
    this.#stale = false
    const content = reported()
    const text = JSON.stringify(content)
    if (text === this.#reported) return
    this.#reportedAt = clock.mono()
    await bus.publish(topics.reported, JSON.stringify({ v: 1, at: isoUtc(clock.wall()), ...content }), {
      qos: 1,
      retain: true,
    })
    this.#reported = text
  }

  /** What cannot be said now is said after the next connection. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    if (!this.#options.bus.connected) return
    try {
      await work()
    } catch (error) {
      this.#stale = true
      this.#options.logger.debug({ error: messageOf(error) }, 'not reported: the connection was lost')
    }
  }
}
