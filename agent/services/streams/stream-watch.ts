import { messageOf } from '../../core/error.ts'
import type { EpochMs, MonoMs } from '../../core/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { StreamFetcher } from '../../ports/stream-fetcher.ts'
import type { StreamPlaces } from '../../ports/stream-relay.ts'
import { patienceMs } from './stream-channel.ts'
import { within } from './within.ts'

export type DueStream = StreamPlaces & { readonly at: EpochMs }

export type StreamWatchOptions = {
  readonly clock: Clock
  readonly fetcher: StreamFetcher
  readonly logger: Logger
  /** Streams that will be needed, soonest first. */
  readonly due: () => readonly DueStream[]
  /** An answer differs from the one before. */
  readonly onChange: () => void
}

type Heard = { readonly answers: boolean; readonly at: MonoMs }

const LOOK_EVERY_MS = 5000
const CHECK_EVERY_MS = 5 * 60_000
const AHEAD_MS = 60 * 60_000

/** Whether the first URL of streams due within the hour answers, asked every five minutes. */
export class StreamWatch {
  readonly #options: StreamWatchOptions
  #heard: ReadonlyMap<string, Heard> = new Map()

  constructor(options: StreamWatchOptions) {
    this.#options = options
  }

  /** Whether it answered when it was asked last; undefined while it has not been asked. */
  answers(url: string): boolean | undefined {
    return this.#heard.get(url)?.answers
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    while (!signal.aborted) {
      await this.look(signal)
      await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined)
    }
  }

  /** Asks what is due and was not asked for five minutes, one after the other. */
  async look(signal: AbortSignal): Promise<void> {
    const { clock, due, fetcher, onChange } = this.#options
    const soon = due().filter(({ at }) => at <= clock.wall() + AHEAD_MS)
    const firsts = new Map<string, StreamPlaces>()
    for (const places of soon) {
      const url = places.urls.find((candidate) => fetcher.allows(candidate))
      if (url !== undefined) firsts.set(url, places)
    }
    this.#heard = new Map([...this.#heard].filter(([url]) => firsts.has(url)))
    for (const [url, { format }] of firsts) {
      const before = this.#heard.get(url)
      if (before !== undefined && clock.mono() - before.at < CHECK_EVERY_MS) continue
      const answers = await this.#ask(url, format, signal)
      if (signal.aborted) return
      this.#heard = new Map([...this.#heard, [url, { answers, at: clock.mono() }]])
      if (before?.answers !== answers) onChange()
    }
  }

  async #ask(url: string, format: StreamPlaces['format'], signal: AbortSignal): Promise<boolean> {
    const { clock, fetcher, logger } = this.#options
    const hangUp = new AbortController()
    const both = AbortSignal.any([signal, hangUp.signal])
    try {
      await within(clock, patienceMs(format), both, (limited) => fetcher.tune(url, format, limited))
      return true
    } catch (error) {
      logger.info({ why: messageOf(error) }, 'the first URL of a stream does not answer')
      return false
    } finally {
      hangUp.abort(new Error('only asked'))
    }
  }
}
