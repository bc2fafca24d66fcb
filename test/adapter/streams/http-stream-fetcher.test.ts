import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createStreamFetcher } from '../../../agent/adapters/http/http-stream-fetcher.ts'
import type { StreamFormat } from '../../../agent/core/documents.ts'
import type { LiveSource, StreamFetcher } from '../../../agent/ports/stream-fetcher.ts'
import { LiveServer } from '../../fakes/live-server.ts'
import { makeHls } from '../../fixtures/hls.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const playlist = (...lines: readonly string[]): Uint8Array =>
  text(['#EXTM3U', '#EXT-X-TARGETDURATION:1', ...lines].join('\n'))
const TS = Buffer.alloc(188 * 4, 0x47)

describe('the fetcher of streams', () => {
  let server: LiveServer
  let trap: LiveServer
  let origin: string
  let trapOrigin: string
  let fetcher: StreamFetcher
  let listening: AbortController

  beforeAll(async () => {
    server = new LiveServer()
    trap = new LiveServer()
    origin = await server.start()
    trapOrigin = await trap.start()
    fetcher = createStreamFetcher([`${origin}/live/`])
  })
  beforeEach(() => {
    listening = new AbortController()
    server.asked.length = 0
    server.channels.clear()
  })
  afterEach(() => {
    listening.abort()
    expect(trap.asked).toEqual([])
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await trap[Symbol.asyncDispose]()
  })

  const tune = (path: string, format: StreamFormat = 'hls'): Promise<LiveSource> =>
    fetcher.tune(`${origin}${path}`, format, listening.signal)
  const serve = (path: string, bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): void => {
    server.channels.set(path, { bytes, headers })
  }
  const all = async (source: LiveSource): Promise<Buffer> => {
    const pieces: Uint8Array[] = []
    for (let piece = await source.bytes.next(); piece.done !== true; piece = await source.bytes.next())
      pieces.push(piece.value)
    return Buffer.concat(pieces)
  }

  it.each(['mpegts', 'fmp4'] as const)('gives the segments of %s one after the other', async (container) => {
    const files = makeHls(4, 1, container)
    for (const [name, bytes] of files) serve(`/live/${name}`, bytes)
    const source = await tune('/live/index.m3u8')
    expect(source.format).toBe(container === 'fmp4' ? 'm4a' : 'mpegts')
    const names = [...files.keys()].filter((name) => name !== 'index.m3u8').toSorted()
    const ordered = [
      ...names.filter((name) => name.startsWith('init')),
      ...names.filter((name) => !name.startsWith('init')),
    ]
    expect(
      (await all(source)).equals(Buffer.concat(ordered.map((name) => files.get(name) ?? Buffer.alloc(0)))),
    ).toBe(true)
  })

  it('begins three segments before the end of a live playlist and follows it, each segment once', async () => {
    const list = (first: number): Uint8Array =>
      playlist(
        `#EXT-X-MEDIA-SEQUENCE:${first}`,
        ...[0, 1, 2, 3, 4].flatMap((at) => ['#EXTINF:1,', `${first + at}.ts`]),
      )
    for (let at = 0; at < 20; at += 1) serve(`/live/${at}.ts`, TS)
    serve('/live/list.m3u8', list(4))
    const source = await tune('/live/list.m3u8')
    for (let at = 0; at < 3; at += 1) await source.bytes.next()
    serve('/live/list.m3u8', list(6))
    for (let at = 0; at < 2; at += 1) await source.bytes.next()
    const segments = server.asked.filter((path) => path.endsWith('.ts'))
    expect(segments).toEqual([6, 7, 8, 9, 10].map((at) => `/live/${at}.ts`))
  })

  it('goes through one master playlist, not two', async () => {
    serve('/live/a.ts', TS)
    serve('/live/media.m3u8', playlist('#EXTINF:1,', 'a.ts', '#EXT-X-ENDLIST'))
    serve('/live/master.m3u8', text('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmedia.m3u8'))
    serve('/live/twice.m3u8', text('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmaster.m3u8'))
    expect((await all(await tune('/live/master.m3u8'))).equals(TS)).toBe(true)
    await expect(tune('/live/twice.m3u8')).rejects.toMatchObject({ code: 'STREAM' })
  })

  it('never leaves the allow-list, whatever a playlist names', async () => {
    const names = [
      ...[
        'file:///etc/passwd',
        '/etc/passwd',
        '../secret.ts',
        'concat:a.ts|b.ts',
        'data:audio/mpeg;base64,AAAA',
      ],
      ...[
        `${trapOrigin}/live/a.ts`,
        `//${trapOrigin.slice(7)}/live/a.ts`,
        `${origin}/live/%2e%2e%2fsecret.ts`,
      ],
    ]
    server.channels.set('/etc/passwd', { bytes: TS })
    server.channels.set('/secret.ts', { bytes: TS })
    for (const [at, name] of names.entries()) {
      serve(`/live/${at}.m3u8`, playlist('#EXTINF:1,', name, '#EXT-X-ENDLIST'))
      await expect(tune(`/live/${at}.m3u8`), name).rejects.toMatchObject({ code: 'STREAM' })
      serve(`/live/m${at}.m3u8`, text(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${name}`))
      await expect(tune(`/live/m${at}.m3u8`), name).rejects.toMatchObject({ code: 'STREAM' })
      serve(`/live/i${at}.m3u8`, playlist(`#EXT-X-MAP:URI="${name}"`, '#EXTINF:1,', 'a.ts'))
      await expect(tune(`/live/i${at}.m3u8`), name).rejects.toMatchObject({ code: 'STREAM' })
    }
    expect(server.asked.filter((path) => !path.endsWith('.m3u8'))).toEqual([])
  })

  it('refuses redirects to other places, for the stream, its playlist and its segments', async () => {
    const away = (path: string): void => {
      server.channels.set(path, {
        bytes: text(''),
        status: 302,
        headers: { location: `${trapOrigin}/live/a` },
      })
    }
    away('/live/away.mp3')
    away('/live/away.m3u8')
    away('/live/away.ts')
    serve('/live/list.m3u8', playlist('#EXTINF:1,', 'away.ts', '#EXT-X-ENDLIST'))
    for (const path of ['/live/away.m3u8', '/live/list.m3u8'])
      await expect(tune(path)).rejects.toMatchObject({ code: 'STREAM' })
    await expect(tune('/live/away.mp3', 'mp3')).rejects.toMatchObject({ code: 'STREAM' })
  })

  it('follows a redirect to its own place', async () => {
    server.channels.set('/live/old.mp3', {
      bytes: text(''),
      status: 302,
      headers: { location: '/live/new.mp3' },
    })
    serve('/live/new.mp3', text('sound'))
    expect((await all(await tune('/live/old.mp3', 'mp3'))).toString()).toBe('sound')
  })

  it('refuses pages, faults, silence, the encrypted and the endless', async () => {
    serve('/live/page.mp3', text('<html>'), { 'content-type': 'text/html' })
    serve('/live/empty.mp3', text(''))
    serve('/live/locked.m3u8', playlist('#EXT-X-KEY:METHOD=AES-128,URI="k"', '#EXTINF:1,', 'a.ts'))
    serve('/live/endless.m3u8', Buffer.alloc(300_000, '#EXTM3U\n'))
    for (const path of ['/live/page.mp3', '/live/empty.mp3', '/live/none.mp3'])
      await expect(tune(path, 'mp3'), path).rejects.toMatchObject({ code: 'STREAM' })
    for (const path of ['/live/locked.m3u8', '/live/endless.m3u8'])
      await expect(tune(path), path).rejects.toMatchObject({ code: 'STREAM' })
    expect(server.asked).not.toContain('/live/k')
  })
})
