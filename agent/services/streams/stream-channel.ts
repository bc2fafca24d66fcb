import type { StreamFormat } from '../../core/documents.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import type { MonoMs } from '../../core/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LiveSource, StreamFetcher } from '../../ports/stream-fetcher.ts'
import type { StreamPlaces } from '../../ports/stream-relay.ts'
import { within } from './within.ts'

export type StreamChannelOptions = StreamPlaces & {
  readonly clock: Clock
  readonly fetcher: StreamFetcher
  /** A URL was left, or the first was gone back to. */
  readonly onChange: (news: { readonly url: string; readonly why: string }) => void
  /** Something that cannot happen did. */
  readonly onFailure: (error: unknown) => void
}

/**
 * How long a URL may take to give its first bytes. With the wait for bytes it keeps a change within 3 s of the stall when
 * the next one answers; HLS, which takes three exchanges for it, has its own segments in hand meanwhile.
 */
export const patienceMs = (format: StreamFormat): number => (format === 'hls' ? 6000 : 2000)
const FIRST_AGAIN_EVERY_MS = 30_000
/** A source that gave up sooner than this never was one. */
const STEADY_MS = 10_000
const PAUSE_MS = { first: 500, most: 10_000 } as const
/** Fetched ahead of playout, which holds seconds of PCM itself. */
const AHEAD_BYTES = 131_072
const NOTHING = new Uint8Array(0)

/** One live relay while its part lasts: one URL at a time, another when it fails, the first again when it lives. */
export class StreamChannel {
  readonly #options: StreamChannelOptions
  readonly #stop = new AbortController()
  #live = new AbortController()
  #tuning = -1
  #over = true
  #url = 0
  /** Failures since a source last held. */
  #failures = 0
  #steadyAt = Number.POSITIVE_INFINITY
  #first: LiveSource | undefined
  readonly #queue: Uint8Array[] = []
  #queued = 0
  #reader: { readonly length: number; readonly resolve: (bytes: Uint8Array) => void } | undefined
  #room: (() => void) | undefined

  constructor(options: StreamChannelOptions) {
    this.#options = options
  }

  /** As the port promises; at most one read at a time. */
  read(tuning: number, length: number): Promise<Uint8Array> {
    if (this.#stop.signal.aborted || tuning < this.#tuning) return Promise.resolve(NOTHING)
    if (tuning > this.#tuning) this.#begin(tuning)
    return new Promise((resolve) => {
      this.#reader?.resolve(NOTHING)
      this.#reader = { length, resolve }
      this.#answer()
    })
  }

  close(): void {
    this.#stop.abort(new LoaError('STREAM', 'closed'))
    this.#drop()
  }

  #begin(tuning: number): void {
    if (!this.#over) this.#fail('what came was not fit to be heard')
    this.#drop()
    this.#tuning = tuning
    this.#over = false
    this.#live = new AbortController()
    const signal = AbortSignal.any([this.#stop.signal, this.#live.signal])
    this.#run(signal).catch((error: unknown) => {
      if (!signal.aborted) this.#options.onFailure(error)
    })
  }

  /** The tuning is over: whoever reads hears so, after what has come. */
  #finish(): void {
    this.#over = true
    this.#live.abort(new LoaError('STREAM', 'left'))
    this.#answer()
  }

  /** As `finish`, but nobody wants what has come. */
  #drop(): void {
    this.#queue.length = 0
    this.#queued = 0
    this.#finish()
  }

  async #run(signal: AbortSignal): Promise<void> {
    const source = await this.#connect(signal)
    this.#push(new TextEncoder().encode(source.format))
    this.#steadyAt = this.#options.clock.mono() + STEADY_MS
    if (this.#url > 0) void this.#watchFirst(signal)
    const why = await this.#pump(source, signal)
    if (signal.aborted) return
    // What ended after it had held may only have been interrupted.
    if (why === undefined && this.#hasHeld()) this.#failures = 0
    else this.#fail(why ?? 'ended')
    this.#finish()
  }

  /** Tries one URL after the other until one answers. */
  async #connect(signal: AbortSignal): Promise<LiveSource> {
    const { clock, fetcher, format, urls } = this.#options
    const first = this.#first
    this.#first = undefined
    if (first !== undefined) return first
    for (;;) {
      const rounds = Math.floor(this.#failures / urls.length)
      if (this.#failures > 0 && this.#failures % urls.length === 0)
        await clock.sleep(Math.min(PAUSE_MS.most, PAUSE_MS.first * 2 ** (rounds - 1)), signal)
      const url = urls[this.#url] ?? ''
      try {
        return await within(clock, patienceMs(format), signal, (both) => fetcher.tune(url, format, both))
      } catch (error) {
        signal.throwIfAborted()
        this.#fail(messageOf(error))
      }
    }
  }

  /** Takes in what comes until it ends, stalls or breaks, and says why; undefined: it just ended. */
  async #pump(source: LiveSource, signal: AbortSignal): Promise<string | undefined> {
    const { clock } = this.#options
    try {
      for (;;) {
        const { value, done } = await within(clock, source.stallMs, signal, () => source.bytes.next())
        signal.throwIfAborted()
        if (done === true) return undefined
        this.#push(value)
        if (this.#hasHeld()) this.#failures = 0
        while (this.#queued > AHEAD_BYTES) await this.#roomMade(signal)
      }
    } catch (error) {
      return messageOf(error)
    }
  }

  /** Goes back to the first URL as soon as it gives bytes again. */
  async #watchFirst(signal: AbortSignal): Promise<void> {
    const { clock, fetcher, format, urls, onChange } = this.#options
    const [url = ''] = urls
    while (!signal.aborted) {
      try {
        await clock.sleep(FIRST_AGAIN_EVERY_MS, signal)
        const first = await within(clock, patienceMs(format), this.#stop.signal, (both) =>
          fetcher.tune(url, format, both),
        )
        if (signal.aborted) {
          await first.bytes.return?.()
          return
        }
        this.#first = first
        this.#url = 0
        this.#failures = 0
        onChange({ url, why: 'the first URL lives again' })
        this.#drop()
      } catch {
        // Not yet, or the tuning is over, which ends the loop.
      }
    }
  }

  #hasHeld(): boolean {
    return this.#options.clock.mono() >= (this.#steadyAt as MonoMs)
  }

  #fail(why: string): void {
    const { urls, onChange } = this.#options
    onChange({ url: urls[this.#url] ?? '', why })
    this.#failures += 1
    this.#url = (this.#url + 1) % urls.length
    this.#steadyAt = Number.POSITIVE_INFINITY
  }

  #push(bytes: Uint8Array): void {
    if (this.#over || bytes.length === 0) return
    this.#queue.push(bytes)
    this.#queued += bytes.length
    this.#answer()
  }

  #answer(): void {
    const reader = this.#reader
    const [next] = this.#queue
    if (reader === undefined || (next === undefined && !this.#over)) return
    this.#reader = undefined
    if (next === undefined) {
      reader.resolve(NOTHING)
      return
    }
    const given = next.subarray(0, reader.length)
    if (given.length === next.length) this.#queue.shift()
    else this.#queue[0] = next.subarray(given.length)
    this.#queued -= given.length
    this.#room?.()
    reader.resolve(given)
  }

  #roomMade(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      this.#room = () => {
        signal.removeEventListener('abort', abort)
        this.#room = undefined
        resolve()
      }
    })
  }
}
