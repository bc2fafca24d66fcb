import { LoaError } from '../../agent/core/error.ts'
import type { LiveSource, StreamFetcher } from '../../agent/ports/stream-fetcher.ts'

/** A connection to a station: what is sent over it, and whether it was let go. */
export class FakeConnection {
  readonly #waiting: ((result: IteratorResult<Uint8Array, void>) => void)[] = []
  readonly #sent: IteratorResult<Uint8Array, void>[] = []
  released = false

  send(text: string): void {
    this.#put({ done: false, value: new TextEncoder().encode(text) })
  }

  end(): void {
    this.#put({ done: true, value: undefined })
  }

  next(): Promise<IteratorResult<Uint8Array, void>> {
    const result = this.#sent.shift()
    if (result !== undefined) return Promise.resolve(result)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #put(result: IteratorResult<Uint8Array, void>): void {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#sent.push(result)
    else waiting(result)
  }
}

/** Stations by URL: alive or not. `asked` lists every attempt. */
export class FakeStations implements StreamFetcher {
  readonly alive = new Set<string>()
  /** Take the call and never answer. */
  readonly mute = new Set<string>()
  readonly asked: string[] = []
  readonly connections: (FakeConnection & { readonly url?: string })[] = []

  allows(url: string): boolean {
    return !url.startsWith('http://forbidden')
  }

  tune(url: string, _format: string, signal: AbortSignal): Promise<LiveSource> {
    this.asked.push(url)
    if (this.mute.has(url)) return new Promise(() => undefined)
    if (!this.alive.has(url)) return Promise.reject(new LoaError('STREAM', 'unreachable'))
    const connection = Object.assign(new FakeConnection(), { url })
    signal.addEventListener('abort', () => {
      connection.released = true
    })
    this.connections.push(connection)
    return Promise.resolve({ format: 'mp3', stallMs: 2000, bytes: connection })
  }

  /** The last connection made. */
  get last(): FakeConnection {
    const last = this.connections.at(-1)
    if (last === undefined) throw new Error('nobody is connected')
    return last
  }
}
