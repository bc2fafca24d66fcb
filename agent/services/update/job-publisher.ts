import { LoaError } from '../../core/error.ts'
import { isoUtc } from '../../core/time.ts'
import type { UpdateReport } from '../../core/update/progress.ts'
import type { JobMessage } from '../../core/upstream.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { MessageBus } from '../../ports/message-bus.ts'

export type JobPublisherOptions = {
  readonly bus: MessageBus
  readonly clock: Clock
  readonly logger: Logger
  /** `up/job`. */
  readonly topic: string
  readonly report: () => UpdateReport
}

/** A new estimate of when what it waits for is over is said this often: it moves all the time. */
const ESTIMATE_EVERY_MS = 60_000

const withoutEstimate = ({ waits, ...report }: UpdateReport): string =>
  JSON.stringify({ ...report, waits: [waits?.for, waits?.item] })

type Said = { readonly text: string; readonly essence: string; readonly atMs: number }

/** Keeps on `up/job` how it stands with updates. */
export class JobPublisher {
  readonly #options: JobPublisherOptions
  /** What the broker has on this connection. */
  #said: Said | undefined

  constructor(options: JobPublisherOptions) {
    this.#options = options
  }

  /** After every connection it is said anew: nobody knows what the broker holds. */
  announce(): void {
    this.#said = undefined
  }

  /** Called every second: that is how often it may be said. */
  tick(): void {
    const { bus, clock, report } = this.#options
    if (!bus.connected) return
    const content = report()
    const saying = {
      text: JSON.stringify(content),
      essence: withoutEstimate(content),
      atMs: clock.mono(),
    }
    const said = this.#said
    if (said?.text === saying.text) return
    if (said?.essence === saying.essence && saying.atMs - said.atMs < ESTIMATE_EVERY_MS) return
    void this.#say(content, saying)
  }

  async #say({ by: _by, ...report }: UpdateReport, saying: Said): Promise<void> {
    const { bus, clock, logger, topic } = this.#options
    this.#said = saying
    const message: JobMessage = { v: 1, at: isoUtc(clock.wall()), ...report }
    try {
      await bus.publish(topic, JSON.stringify(message), { qos: 1, retain: true })
    } catch (error) {
      if (!(error instanceof LoaError && error.code === 'BROKER')) throw error
      logger.debug({ topic, error: error.message }, 'not said')
      if (this.#said === saying) this.#said = undefined
    }
  }
}
