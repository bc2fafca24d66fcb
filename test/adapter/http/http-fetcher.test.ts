import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpFetcher } from '../../../agent/adapters/http/http-fetcher.ts'

const FILE = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7) & 0xff))
const never = new AbortController().signal
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const whole: RequestListener = (_, response) => {
  response.setHeader('content-length', FILE.length)
  response.end(FILE)
}
const ranged: RequestListener = (request, response) => {
  const from = Number(request.headers.range?.match(/^bytes=(\d+)-$/)?.[1] ?? 0)
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': FILE.length - from,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${FILE.length - 1}/${FILE.length}` } : {}),
  })
  response.end(FILE.subarray(from))
}

const collect = async (
  url: string,
  {
    offset = 0,
    bytes = FILE.length,
    signal = never,
    limits = {},
    allow = [url],
  }: {
    offset?: number
    bytes?: number
    signal?: AbortSignal
    limits?: Parameters<typeof createHttpFetcher>[1]
    allow?: string[]
  } = {},
): Promise<Buffer> => {
  const pieces: Uint8Array[] = []
  for await (const piece of createHttpFetcher(allow, limits).fetch(url, offset, bytes, signal))
    pieces.push(piece)
  return Buffer.concat(pieces)
}
const fault = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

describe('fetching a file', () => {
  it('whole, without asking for compression or a range', async () => {
    const asked: Record<string, unknown>[] = []
    const url = await serve((request, response) => {
      asked.push(request.headers)
      whole(request, response)
    })
    expect((await collect(url)).equals(FILE)).toBe(true)
    expect(asked).toEqual([expect.objectContaining({ 'accept-encoding': 'identity' })])
    expect(asked[0]).not.toHaveProperty('range')
  })

  it('from an offset, by Range', async () => {
    expect((await collect(await serve(ranged), { offset: 70_001 })).equals(FILE.subarray(70_001))).toBe(true)
  })

  it('from an offset when the server ignores Range', async () => {
    expect((await collect(await serve(whole), { offset: 70_001 })).equals(FILE.subarray(70_001))).toBe(true)
  })

  it('without Content-Length', async () => {
    const url = await serve((_, response) => response.write(FILE, () => response.end()))
    expect((await collect(url)).equals(FILE)).toBe(true)
  })
})

describe('what the server sends is not believed', () => {
  it('another length than declared is BAD_MEDIA before a byte is taken', async () => {
    const url = await serve(whole)
    await expect(collect(url, { bytes: FILE.length - 1 })).rejects.toEqual(fault('BAD_MEDIA', /200000/))
    await expect(collect(await serve(ranged), { offset: 5, bytes: FILE.length + 1 })).rejects.toEqual(
      fault('BAD_MEDIA', /200000/),
    )
  })

  it('an endless body is cut at the declared length', async () => {
    let sent = 0
    const url = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(FILE)) sent += FILE.length
      }
      response.on('drain', more)
      more()
    })
    await expect(collect(url, { bytes: 500_000 })).rejects.toEqual(fault('BAD_MEDIA', /more than/))
    expect(sent).toBeLessThan(50_000_000)
  })

  it('a name that cannot be resolved and a port where nobody listens are NO_MEDIA, to be tried again', async () => {
    for (const url of ['http://content.invalid/file', 'http://127.0.0.1:1/file'])
      await expect(collect(url)).rejects.toEqual(expect.objectContaining({ code: 'NO_MEDIA' }))
  })

  it('a range that starts elsewhere is refused', async () => {
    const url = await serve((_, response) => {
      response.writeHead(206, { 'content-range': `bytes 0-${FILE.length - 1}/${FILE.length}` })
      response.end(FILE)
    })
    await expect(collect(url, { offset: 10 })).rejects.toEqual(fault('NO_MEDIA', /another range/))
  })

  it('an error status, compression and an early end are NO_MEDIA', async () => {
    const missing = await serve((_, response) => response.writeHead(404).end('no'))
    await expect(collect(missing)).rejects.toEqual(fault('NO_MEDIA', /404/))
    const gzip = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end())
    await expect(collect(gzip)).rejects.toEqual(fault('NO_MEDIA', /compresses/))
    const short = await serve((_, response) => response.write(FILE.subarray(0, 1000), () => response.end()))
    await expect(collect(short)).rejects.toEqual(fault('NO_MEDIA', /ended after 1000/))
    const broken = await serve((_, response) => {
      response.setHeader('content-length', FILE.length)
      response.write(FILE.subarray(0, 1000), () => response.destroy())
    })
    await expect(collect(broken)).rejects.toEqual(fault('NO_MEDIA', /./))
  })
})

describe('redirects', () => {
  const hop: RequestListener = (request, response) => {
    const left = Number(request.url?.match(/(\d+)$/)?.[1] ?? 0)
    if (left === 0) ranged(request, response)
    else response.writeHead(302, { location: `/hop/${left - 1}` }).end()
  }

  it('are followed three times within one origin, Range included', async () => {
    const url = await serve(hop)
    const fetched = await collect(`${url}/hop/3`, { allow: [`${url}/hop/`], offset: 9 })
    expect(fetched.equals(FILE.subarray(9))).toBe(true)
    await expect(collect(`${url}/hop/4`, { allow: [url] })).rejects.toEqual(fault('NO_MEDIA', /three/))
  })

  it('never lead to another origin, an allowed one included, and never out of the allow-list', async () => {
    let hits = 0
    const other = await serve((request, response) => {
      hits += 1
      whole(request, response)
    })
    const away = await serve((_, response) => response.writeHead(301, { location: `${other}/x` }).end())
    await expect(collect(away, { allow: [away, other] })).rejects.toEqual(fault('NO_MEDIA', /another origin/))
    const up = await serve((request, response) => {
      if (request.url === '/a/x') response.writeHead(307, { location: '/b/x' }).end()
      else whole(request, response)
    })
    await expect(collect(`${up}/a/x`, { allow: [`${up}/a/`] })).rejects.toEqual(
      fault('NO_MEDIA', /content.allow/),
    )
    const lost = await serve((_, response) => response.writeHead(302).end())
    await expect(collect(lost)).rejects.toEqual(fault('NO_MEDIA', /nowhere/))
    expect(hits).toBe(0)
  })
})

describe('a server that cannot be waited for', () => {
  it('is asked nothing when it is not allowed', async () => {
    await expect(collect('http://127.0.0.1:1/x', { allow: [] })).rejects.toEqual(
      fault('NO_MEDIA', /content.allow/),
    )
  })

  it('that is not there is NO_MEDIA', async () => {
    await expect(collect('http://127.0.0.1:1/x')).rejects.toEqual(fault('NO_MEDIA', /ECONNREFUSED/))
    await expect(collect('http://no-such-host.invalid/x')).rejects.toEqual(fault('NO_MEDIA', /./))
  })

  it('that accepts and says nothing, or stops in the middle, is left after the idle time', async () => {
    const silent = await serve(() => undefined)
    await expect(collect(silent, { limits: { idleMs: 100 } })).rejects.toEqual(
      fault('NO_MEDIA', /no answer in time/),
    )
    const stalled = await serve((_, response) => response.write(FILE.subarray(0, 10)))
    await expect(collect(stalled, { limits: { idleMs: 100 } })).rejects.toEqual(
      fault('NO_MEDIA', /nothing more/),
    )
  })

  it('that does not finish its TLS handshake is left after the time to connect', async () => {
    const mute = createTcpServer()
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`
    await expect(collect(url, { limits: { connectMs: 100 } })).rejects.toEqual(
      fault('NO_MEDIA', /no connection in time/),
    )
    mute.close()
  })

  it('that drips a byte now and then is left as too slow', async () => {
    const drip = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    })
    await expect(collect(drip, { limits: { windowMs: 150, windowBytes: 100 } })).rejects.toEqual(
      fault('NO_MEDIA', /too slow/),
    )
  })

  it('is left at once when the caller gives up, before and while bytes come', async () => {
    const silent = await serve(() => undefined)
    const first = new AbortController()
    const waiting = collect(silent, { signal: first.signal })
    first.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    const second = new AbortController()
    const stalled = await serve((_, response) => {
      response.write(FILE.subarray(0, 10), () => second.abort(new Error('enough')))
    })
    await expect(collect(stalled, { signal: second.signal })).rejects.toThrow('enough')
  })
})
