import type { IncomingMessage } from 'node:http'
import { LoaError, messageOf } from '../../core/error.ts'
import type { AllowList } from './allow-list.ts'
import type { Limits } from './exchange.ts'
import { follow } from './follow.ts'

/** The bytes of an answer without an end of its own, after the rules of `follow`. */
export type OpenLive = (url: string, signal: AbortSignal) => Promise<LiveAnswer>
export type LiveAnswer = {
  readonly contentType: string
  readonly bytes: AsyncGenerator<Uint8Array, void>
}

/** How long a wait is too long is for the listener to say; these only end what would never end. */
const LIMITS: Limits = { connectMs: 5000, idleMs: 10_000, windowMs: 60_000, windowBytes: 0 }

export const createOpenLive =
  (allowList: AllowList): OpenLive =>
  async (url, signal) => {
    const response = await streamFault(() => follow(url, {}, allowList, LIMITS, signal), signal)
    const status = response.statusCode ?? 0
    const encoding = response.headers['content-encoding'] ?? 'identity'
    if (status !== 200 || encoding !== 'identity') {
      response.destroy()
      throw new LoaError('STREAM', status === 200 ? 'the server compresses' : `the server answers ${status}`)
    }
    // A source that is not read for a while is no source that is gone: pauses are judged by who listens.
    response.setTimeout(0)
    return { contentType: response.headers['content-type'] ?? '', bytes: bytesOf(response, signal) }
  }

async function* bytesOf(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const bytes of response) yield bytes as Buffer
  } catch (thrown) {
    signal.throwIfAborted()
    throw new LoaError('STREAM', messageOf(thrown), { cause: thrown })
  } finally {
    response.destroy()
  }
}

const streamFault = async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
  try {
    return await work()
  } catch (thrown) {
    signal.throwIfAborted()
    throw new LoaError('STREAM', messageOf(thrown), { cause: thrown })
  }
}
