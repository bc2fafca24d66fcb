import type { StreamFormat } from '../../core/documents.ts'
import { LoaError } from '../../core/error.ts'
import type { LiveSource, StreamFetcher } from '../../ports/stream-fetcher.ts'
import { type AllowList, createAllowList } from './allow-list.ts'
import { resumed, tuneHls } from './hls-stream.ts'
import { createOpenLive, type OpenLive } from './live-answer.ts'

/** Encoders and servers hand on what they have several times a second. */
const STALL_MS = 2000

/** Listens with node:http and node:https, without asking for titles between the sound (ICY). */
class HttpStreamFetcher implements StreamFetcher {
  readonly #allowList: AllowList
  readonly #open: OpenLive

  constructor(allowList: AllowList, open: OpenLive) {
    this.#allowList = allowList
    this.#open = open
  }

  allows(url: string): boolean {
    return this.#allowList(url) !== undefined
  }

  async tune(url: string, format: StreamFormat, signal: AbortSignal): Promise<LiveSource> {
    if (format === 'hls') return tuneHls(url, this.#open, signal)
    const { contentType, bytes } = await this.#open(url, signal)
    const first = contentType.startsWith('text/') ? undefined : await bytes.next()
    if (first === undefined || first.done === true) {
      await bytes.return()
      throw new LoaError('STREAM', first === undefined ? 'the server sends text' : 'the server sends nothing')
    }
    return { format, stallMs: STALL_MS, bytes: resumed(first.value, bytes) }
  }
}

/** @param allow prefixes of `content.allow` */
export const createStreamFetcher = (allow: readonly string[]): StreamFetcher => {
  const allowList = createAllowList(allow)
  return new HttpStreamFetcher(allowList, createOpenLive(allowList))
}
