import type { IncomingMessage } from 'node:http'
import { LoaError } from '../../core/error.ts'
import type { MediaFetcher } from '../../ports/media-fetcher.ts'
import { type AllowList, createAllowList } from './allow-list.ts'
import { body, type Limits } from './exchange.ts'
import { follow } from './follow.ts'

const LIMITS: Limits = { connectMs: 10_000, idleMs: 30_000, windowMs: 60_000, windowBytes: 16_384 }

/** Fetches with node:http and node:https. */
class HttpFetcher implements MediaFetcher {
  readonly #allowList: AllowList
  readonly #limits: Limits

  constructor(allowList: AllowList, limits: Limits) {
    this.#allowList = allowList
    this.#limits = limits
  }

  allows(url: string): boolean {
    return this.#allowList(url) !== undefined
  }

  async *fetch(
    url: string,
    offset: number,
    expectedBytes: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const range: Readonly<Record<string, string>> = offset > 0 ? { range: `bytes=${offset}-` } : {}
    const response = await follow(url, range, this.#allowList, this.#limits, signal)
    try {
      const start = startOf(response, offset, expectedBytes)
      let at = start
      for await (const bytes of body(response, this.#limits, signal)) {
        const fresh = bytes.subarray(Math.max(0, offset - at))
        at += bytes.length
        if (at > expectedBytes) throw longer(expectedBytes)
        if (fresh.length > 0) yield fresh
      }
      if (at < expectedBytes) throw new LoaError('NO_MEDIA', `ended after ${at} of ${expectedBytes} bytes`)
    } finally {
      response.destroy()
    }
  }
}

/**
 * @param allow prefixes of `content.allow`
 * @param limits what to change of: 10 s to connect, 30 s idle, 16 KiB a minute
 */
export const createHttpFetcher = (allow: readonly string[], limits: Partial<Limits> = {}): MediaFetcher =>
  new HttpFetcher(createAllowList(allow), { ...LIMITS, ...limits })

/** Where in the file the body of an answer starts. */
const startOf = (response: IncomingMessage, offset: number, expectedBytes: number): number => {
  const status = response.statusCode ?? 0
  // Before the length: an error page is no other version of the file.
  if (status !== 200 && status !== 206) throw new LoaError('NO_MEDIA', `the server answers ${status}`)
  if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new LoaError('NO_MEDIA', 'the server compresses although asked not to')
  }
  if (status === 206) return startOfRange(response.headers['content-range'] ?? '', offset, expectedBytes)
  const length = response.headers['content-length']
  if (length !== undefined && Number(length) !== expectedBytes) {
    throw new LoaError('BAD_MEDIA', `the server has ${length} bytes, declared are ${expectedBytes}`)
  }
  return 0
}

const startOfRange = (range: string, offset: number, expectedBytes: number): number => {
  const parts = range.match(/^bytes (\d+)-\d+\/(\d+|\*)$/)
  if (parts === null || Number(parts[1]) !== offset) {
    throw new LoaError('NO_MEDIA', `the server answers with another range (${range.slice(0, 40)})`)
  }
  if (parts[2] !== '*' && Number(parts[2]) !== expectedBytes) {
    throw new LoaError('BAD_MEDIA', `the server has ${parts[2]} bytes, declared are ${expectedBytes}`)
  }
  return offset
}

const longer = (expectedBytes: number): LoaError =>
  new LoaError('BAD_MEDIA', `the server sends more than the declared ${expectedBytes} bytes`)
