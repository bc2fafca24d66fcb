import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf } from '../../core/error.ts'
import type { ListenAddress } from '../../core/page-configuration.ts'
import type { Logger } from '../../ports/logger.ts'
import type { StatusPage } from '../../ports/status-page.ts'
import { type Answer, answer, type Desk, headersFor } from './answer.ts'
import { createPace, createTries } from './pace.ts'
import { createTokenCheck } from './token.ts'

export type PageServerOptions = {
  readonly listen: ListenAddress
  /** Absent: whoever reaches the address may read the page. */
  readonly token?: string
  /** Called at the first request, so that a page that nobody looks at takes no memory. */
  readonly load: () => Promise<StatusPage>
  readonly logger: Logger
  /** For a client that is slow to ask or to read. */
  readonly patienceMs?: number
  /** Until an address that could not be had is tried again. */
  readonly retryMs?: number
}

export interface PageServer extends AsyncDisposable {
  /** The port that is listened on; undefined while it cannot be. */
  readonly port: number | undefined
  /** Why it cannot be listened on; undefined while it is. */
  readonly fault: string | undefined
}

const MAX_CONNECTIONS = 8
const MAX_HEADER_BYTES = 8192
const PATIENCE_MS = 5000
const LOOK_MS = 1000
const RETRY_MS = 10_000
/** Eight browsers that look every two seconds are a quarter of it. Beyond it connections are dropped unread. */
const PACE = { size: 60, everyMs: 60 } as const

const FAILED: Answer = { status: 500, headers: { Connection: 'close' }, body: '' }

type Serving = { readonly desk: Desk; readonly headers: Answer['headers'] }

const createServing = ({ load, token }: PageServerOptions): (() => Promise<Serving>) => {
  const tries = createTries()
  const check = token === undefined ? undefined : createTokenCheck(token)
  let serving: Promise<Serving> | undefined
  return () => {
    serving ??= load().then((page) => ({ desk: { page, check, tries }, headers: headersFor(page) }))
    return serving
  }
}

const send = (
  request: IncomingMessage,
  response: ServerResponse,
  headers: Answer['headers'],
  sent: Answer,
) => {
  const body = Buffer.from(sent.body, 'utf8')
  response.writeHead(sent.status, { ...headers, ...sent.headers, 'Content-Length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
}

const createHandler = (options: PageServerOptions) => {
  const { logger, patienceMs = PATIENCE_MS } = options
  const serving = createServing(options)
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // However slowly somebody reads: after this time he is gone.
    const late = setTimeout(() => request.socket.destroy(), patienceMs)
    response.once('close', () => clearTimeout(late))
    try {
      const { desk, headers } = await serving()
      send(request, response, headers, await answer(desk, request))
    } catch (error) {
      logger.error({ err: error }, 'the status page failed')
      if (response.headersSent) request.socket.destroy()
      else send(request, response, {}, FAILED)
    }
  }
}

const createPageServer = (options: PageServerOptions): Server => {
  const { patienceMs = PATIENCE_MS } = options
  const handle = createHandler(options)
  const inTime = createPace(PACE.size, PACE.everyMs)
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: patienceMs,
      requestTimeout: patienceMs,
      keepAliveTimeout: patienceMs,
      connectionsCheckingInterval: Math.min(LOOK_MS, patienceMs),
    },
    (request, response) => {
      if (inTime()) void handle(request, response)
      else request.socket.destroy()
    },
  )
  server.maxConnections = MAX_CONNECTIONS
  server.maxHeadersCount = 50
  server.timeout = 2 * patienceMs
  server.on('connection', (socket) => {
    if (!inTime()) socket.destroy()
  })
  return server
}

/**
 * Serves the status page until disposed. It never throws and never keeps the agent waiting: an address that cannot be
 * had, such as one that comes later by DHCP, is tried again. Clients are held to eight connections, five seconds and
 * eight kilobytes of headers.
 */
export const openPageServer = (options: PageServerOptions): PageServer => {
  const { listen, logger, retryMs = RETRY_MS } = options
  const server = createPageServer(options)
  let retry: NodeJS.Timeout | undefined
  let fault: string | undefined
  const begin = (): void => {
    server.listen({ host: listen.address, port: listen.port })
  }
  server.on('listening', () => {
    fault = undefined
    logger.info({ ...listen }, 'the status page is served')
  })
  server.on('error', (error) => {
    const reason = messageOf(error)
    if (reason !== fault) logger.warn({ ...listen, reason }, 'the status page cannot be served; trying again')
    fault = reason
    if (!server.listening) retry = setTimeout(begin, retryMs)
  })
  begin()
  return {
    get port() {
      return server.listening ? (server.address() as AddressInfo).port : undefined
    },
    get fault() {
      return fault
    },
    async [Symbol.asyncDispose](): Promise<void> {
      clearTimeout(retry)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
