import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import type { StreamFetcher } from '../../ports/stream-fetcher.ts'
import type { StreamPlaces, StreamRelay } from '../../ports/stream-relay.ts'
import { StreamChannel } from './stream-channel.ts'

export type LiveRelayOptions = {
  readonly clock: Clock
  readonly fetcher: StreamFetcher
  readonly logger: Logger
  /** 64 hex digits, never the same. */
  readonly newId: () => string
  /** The first trouble of a relay. */
  readonly onTrouble: (data: { readonly url: string; readonly why: string }) => void
  readonly onFailure: (error: unknown) => void
}

/** Queries hold keys at times. */
const placeOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? ''

/** Every live relay that is played or about to be. */
export class LiveRelay implements StreamRelay {
  readonly #options: LiveRelayOptions
  readonly #channels = new Map<string, StreamChannel>()

  constructor(options: LiveRelayOptions) {
    this.#options = options
  }

  open({ format, urls }: StreamPlaces): string {
    const { clock, fetcher, logger, newId, onTrouble, onFailure } = this.#options
    const id = newId()
    const allowed = urls.filter((url) => fetcher.allows(url))
    if (allowed.length === 0) return id
    let told = false
    const onChange = ({ url, why }: { readonly url: string; readonly why: string }): void => {
      logger.warn({ url: placeOf(url), why }, 'the source of a stream changes')
      // One event a relay: a source that comes and goes must not fill the outbox.
      if (!told) onTrouble({ url: placeOf(url), why })
      told = true
    }
    this.#channels.set(id, new StreamChannel({ clock, fetcher, format, urls: allowed, onChange, onFailure }))
    return id
  }

  holds(id: string): boolean {
    return this.#channels.has(id)
  }

  read(id: string, tuning: number, length: number): Promise<Uint8Array | undefined> {
    return this.#channels.get(id)?.read(tuning, length) ?? Promise.resolve(undefined)
  }

  close(id: string): void {
    this.#channels.get(id)?.close()
    this.#channels.delete(id)
  }
}
