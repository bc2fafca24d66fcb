import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import type { Target } from './reach.ts'

// An import of node:http reads each of its exports, and that of WebSocket loads all of undici.
const { request: httpRequest } = process.getBuiltinModule('node:http')

const MAX_HEAD_BYTES = 16_384

/** The clock of a web server, to the second, as it says it with any answer. Undefined when it says nothing in time. */
export const dateOf = (target: Target, withinMs: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const { host, port, secure, addresses } = target
    const [first] = addresses
    const done = (response?: IncomingMessage): void => {
      const at = Date.parse(response?.headers.date ?? '')
      resolve(Number.isNaN(at) ? undefined : at)
    }
    const outgoing = (secure ? httpsRequest : httpRequest)({
      method: 'HEAD',
      host: first?.address ?? host,
      port,
      path: '/',
      headers: { host: `${host}:${port}`, 'user-agent': 'loa-agent' },
      maxHeaderSize: MAX_HEAD_BYTES,
      agent: false,
      // With a wrong clock every certificate is out of date: the date is what we are here for, and only compared.
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      signal: AbortSignal.timeout(withinMs),
    })
    outgoing.once('response', (response) => {
      done(response)
      response.destroy()
    })
    outgoing.on('error', () => done())
    outgoing.end()
  })
