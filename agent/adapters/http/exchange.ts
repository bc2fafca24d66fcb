import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { LoaError, messageOf } from '../../core/error.ts'

// An import of node:http reads each of its exports, and that of WebSocket loads all of undici: 6 MB.
const { request: httpRequest } = process.getBuiltinModule('node:http')

export type Limits = {
  readonly connectMs: number
  /** Longest wait for the next byte, and for the head of the answer. */
  readonly idleMs: number
  /** At least this much must arrive in each window, or a server could hold the line for days. */
  readonly windowMs: number
  readonly windowBytes: number
  /** PEM, beside the authorities that Node knows. */
  readonly ca?: string
}

/**
 * One GET and the head of its answer; the body is still to be read.
 * `node:http` itself: fetch would bring 10 MB of undici into a process that has 40.
 * @throws NO_MEDIA when nobody answers
 */
export const get = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  limits: Limits,
  signal: AbortSignal,
): Promise<IncomingMessage> => {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      agent: false,
      signal,
      headers: { 'user-agent': 'loa-agent', 'accept-encoding': 'identity', ...headers },
      maxHeaderSize: 16_384,
      timeout: limits.idleMs,
      ...(limits.ca === undefined ? {} : { ca: limits.ca }),
    })
    const connecting = setTimeout(
      () => outgoing.destroy(new Error('no connection in time')),
      limits.connectMs,
    )
    outgoing.once('socket', (socket) => {
      const connected = url.protocol === 'https:' ? 'secureConnect' : 'connect'
      socket.once(connected, () => clearTimeout(connecting))
    })
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in time')))
    outgoing.once('close', () => clearTimeout(connecting))
    outgoing.once('response', resolve)
    // Stays for the life of the request: a fault after the answer began shows in the body too.
    outgoing.on('error', (error) => {
      reject(signal.aborted ? signal.reason : new LoaError('NO_MEDIA', `${url.host}: ${messageOf(error)}`))
    })
    outgoing.end()
  })
}

/**
 * The bytes of an answer.
 * @throws NO_MEDIA when the connection breaks or is too slow
 */
export async function* body(
  response: IncomingMessage,
  limits: Limits,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let inWindow = 0
  const pace = setInterval(() => {
    if (inWindow < limits.windowBytes) response.destroy(new Error('too slow'))
    inWindow = 0
  }, limits.windowMs)
  response.setTimeout(limits.idleMs, () => response.destroy(new Error('nothing more came')))
  try {
    for await (const bytes of response) {
      inWindow += (bytes as Buffer).length
      yield bytes as Buffer
    }
  } catch (thrown) {
    signal.throwIfAborted()
    throw new LoaError('NO_MEDIA', messageOf(thrown), { cause: thrown })
  } finally {
    clearInterval(pace)
    response.destroy()
  }
}
