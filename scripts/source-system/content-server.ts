import { mkdir } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { LoaError } from '../../agent/core/error.ts'
import { parseRange } from './byte-range.ts'
import { type ContentFile, createContentLibrary, mediaType } from './content-library.ts'
import { type Misbehaviour, sendBody } from './send-body.ts'

/** One request as it was answered. */
export type ContentRequest = {
  readonly at: string
  readonly method: string
  readonly path: string
  readonly range?: string
  readonly status: number
}

export type ContentServerOptions = {
  readonly directory: string
  /** A free one when absent. */
  readonly port?: number
  /** 127.0.0.1 by default. */
  readonly host?: string
  readonly onRequest?: (request: ContentRequest) => void
  /** Asked for each request; what it returns goes wrong. */
  readonly misbehave?: (request: {
    readonly path: string
    readonly range: string | undefined
  }) => Misbehaviour | undefined
}

export type ContentServer = AsyncDisposable & {
  /** `http://127.0.0.1:8080`, without a slash at the end. */
  readonly origin: string
  readonly port: number
  readonly requests: readonly ContentRequest[]
  readonly urlOf: (sha256: string) => string
}

const plain = (response: ServerResponse, status: number, text: string, headers = {}): number => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers })
  response.end(`${text}\n`)
  return status
}

/** `/c/<sha256>` or `/<name>`, decoded; undefined when it is neither. */
const wanted = (url: string): { readonly hash: string } | { readonly name: string } | undefined => {
  const path = url.split('?', 1)[0] ?? ''
  const hash = /^\/c\/([0-9a-f]{64})$/.exec(path)?.[1]
  if (hash !== undefined) return { hash }
  const encoded = /^\/([^/]+)$/.exec(path)?.[1]
  if (encoded === undefined) return undefined
  try {
    return { name: decodeURIComponent(encoded) }
  } catch {
    // Percent signs that decode to no text name no file.
    return undefined
  }
}

/** Sends the file, or the part of it that was asked for; returns the status. */
const answer = (
  request: IncomingMessage,
  response: ServerResponse,
  file: ContentFile,
  wrong: Misbehaviour,
): number => {
  const etag = `"${file.sha256}"`
  const ifRange = request.headers['if-range']
  const rangeHolds = wrong.ignoreRange !== true && (ifRange === undefined || ifRange === etag)
  const range = parseRange(rangeHolds ? request.headers.range : undefined, file.bytes)
  if (range === 'unsatisfiable') {
    return plain(response, 416, 'no such range', { 'content-range': `bytes */${file.bytes}` })
  }
  const span = range === 'whole' ? { first: 0, last: file.bytes - 1 } : range
  const status = range === 'whole' ? 200 : 206
  response.writeHead(status, {
    'content-type': mediaType(file.name),
    'content-length': span.last - span.first + 1,
    'accept-ranges': wrong.ignoreRange === true ? 'none' : 'bytes',
    etag,
    ...(range === 'whole' ? {} : { 'content-range': `bytes ${span.first}-${span.last}/${file.bytes}` }),
  })
  if (request.method === 'HEAD') response.end()
  else sendBody(response, file, span, wrong)
  return status
}

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const text = `cannot listen on ${host}:${port} (${cause.message}); take another port`
      reject(new LoaError('IO', text, { cause }))
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : port)
    })
  })

/** Serves a folder: files by content under `/c/<sha256>`, by name under `/<name>`, with Range and HEAD. */
export const openContentServer = async (options: ContentServerOptions): Promise<ContentServer> => {
  await mkdir(options.directory, { recursive: true })
  const library = createContentLibrary(options.directory)
  const requests: ContentRequest[] = []

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<number> => {
    const path = request.url ?? '/'
    const wrong = options.misbehave?.({ path, range: request.headers.range }) ?? {}
    if (wrong.status !== undefined) return plain(response, wrong.status, 'as asked')
    if (wrong.redirectTo !== undefined)
      return plain(response, 302, 'over there', { location: wrong.redirectTo })
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return plain(response, 405, 'only GET and HEAD', { allow: 'GET, HEAD' })
    }
    const what = wanted(path)
    if (what === undefined) return plain(response, 404, 'no such path: /c/<sha256> or /<name>')
    const file = 'hash' in what ? await library.byHash(what.hash) : await library.byName(what.name)
    return file === undefined ? plain(response, 404, 'no such file') : answer(request, response, file, wrong)
  }
  const server = createServer((request, response) => {
    respond(request, response)
      .catch((error: unknown) => plain(response, 500, String(error)))
      .then((status) => {
        const entry: ContentRequest = {
          at: new Date().toISOString(),
          method: request.method ?? '',
          path: request.url ?? '',
          ...(request.headers.range === undefined ? {} : { range: request.headers.range }),
          status,
        }
        requests.push(entry)
        options.onRequest?.(entry)
      })
      .catch((error: unknown) => server.emit('error', error))
  })
  const host = options.host ?? '127.0.0.1'
  const port = await listen(server, options.port ?? 0, host)
  const origin = `http://${host}:${port}`
  return {
    origin,
    port,
    requests,
    urlOf: (sha256) => `${origin}/c/${sha256}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
