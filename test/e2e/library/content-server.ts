import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Served = {
  readonly bytes: Uint8Array /** Sends so much and then waits. */
  readonly stallAt?: number
}

/** A content server with Range on 127.0.0.1. `asked` lists path and first byte of every request. */
export class ContentServer implements AsyncDisposable {
  readonly files = new Map<string, Served>()
  readonly asked: string[] = []
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const path = request.url ?? '/'
      const from = Number(request.headers.range?.match(/^bytes=(\d+)-$/)?.[1] ?? 0)
      this.asked.push(`${path}@${from}`)
      const file = this.files.get(path)
      if (file === undefined) response.writeHead(404).end()
      else send(response, file, from)
    })
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

const send = (response: ServerResponse, { bytes, stallAt }: Served, from: number): void => {
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': bytes.length - from,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  })
  if (stallAt === undefined) response.end(bytes.subarray(from))
  else response.write(bytes.subarray(from, stallAt))
}
