import { type IncomingHttpHeaders, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { openPageServer, type PageServer, type PageServerOptions } from '../../agent/adapters/page/server.ts'
import { createStatusPage } from '../../agent/page/page.ts'
import { viewOf } from '../fakes/page-view.ts'
import { silentLogger } from '../fakes/silent-logger.ts'
import { eventually } from './eventually.ts'

type Got = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
type Asked = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One request on a connection of its own. */
export const ask = (
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<Got> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })

export const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
    socket.on('error', () => undefined)
  })

/** Resolves when the other side has let go. */
export const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.resume()
    if (socket.destroyed) resolve()
    else socket.once('close', () => resolve())
  })

/** Servers of the status page on ports of their own; gone with the bench. */
export class PageBench implements AsyncDisposable {
  readonly #open: AsyncDisposable[] = []

  open(options: Partial<PageServerOptions> = {}): PageServer {
    const server = openPageServer({
      listen: { address: '127.0.0.1', port: 0 },
      load: () => Promise.resolve(createStatusPage(() => viewOf())),
      logger: silentLogger,
      ...options,
    })
    this.#open.push(server)
    return server
  }

  async serve(options: Partial<PageServerOptions> = {}) {
    const server = this.open(options)
    const port = await eventually('the page is served', () => server.port)
    return { server, port }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#open.splice(0)) await each[Symbol.asyncDispose]()
  }
}
