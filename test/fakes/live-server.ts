import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What stands behind a path: a source that sends as fast as it sounds, or a file of which it sends everything at once. */
export type Channel = {
  readonly bytes: Uint8Array
  readonly bytesPerSecond?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly status?: number
  /** `stalled`: takes the connection and sends nothing more. `gone`: 404. `ends`: breaks every connection off. */
  state?: 'flows' | 'stalled' | 'gone' | 'ends'
}

const TICK_MS = 50
/** Like Icecast: a second of sound at once, the rest as it comes. */
const BURST_SECONDS = 1

/** A server of live sources on 127.0.0.1. `asked` lists the paths of all requests. */
export class LiveServer implements AsyncDisposable {
  readonly channels = new Map<string, Channel>()
  readonly asked: string[] = []
  readonly requests: IncomingMessage[] = []
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const path = request.url ?? '/'
      this.asked.push(path)
      this.requests.push(request)
      const channel = this.channels.get(path)
      if (channel === undefined || channel.state === 'gone') response.writeHead(404).end()
      else this.#send(channel, response)
    })
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #send(channel: Channel, response: ServerResponse): void {
    const { bytes, bytesPerSecond, status = 200 } = channel
    response.writeHead(status, { ...channel.headers })
    if (bytesPerSecond === undefined) {
      response.end(bytes)
      return
    }
    const begin = performance.now() - 1000 * BURST_SECONDS
    let at = 0
    const tick = (): void => {
      const until = Math.floor(((performance.now() - begin) * bytesPerSecond) / 1000)
      if (channel.state === 'ends' || at >= bytes.length) response.destroy()
      if (channel.state !== 'stalled' && until > at) response.write(bytes.subarray(at, until))
      at = Math.max(at, until)
    }
    const timer = setInterval(tick, TICK_MS)
    this.#timers.add(timer)
    response.once('close', () => {
      clearInterval(timer)
      this.#timers.delete(timer)
    })
    tick()
  }
}
